/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relay - a TCP link of a given round trip time and rate, between two ports of this machine's
 * loopback.
 *
 *   relay RTT_US MBIT_PER_S PORT    listen on a free port of 127.0.0.1, print its number, relay to
 * PORT
 *
 * A connection takes a round trip to be made, as TCP's does. Ends with its standard input, so with
 * who started it. What a link does to bytes is in flow.h; relay-accuracy says how exact that is on
 * this machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/flow.h"

#define LINKS_MAX 16
#define FAR_HOST  (INADDR_LOOPBACK + 1) /* the other end is not to take us for its own host */
#define OWN_NS    50000 /* of a round trip: what two wake-ups of this program cost, by accuracy */
#define WAITING   (128 * 1024) /* bytes of a sender that wait here; the rest, with him */

struct half {
	struct flow flow;
	int from, to;
	bool ended, blocked; /* @from has no more; @to takes no more for now */
};

struct link {
	bool used;
	struct half halves[2];
};

static struct link links[LINKS_MAX];
static uint64_t rtt_ns, delay_ns;
static double ns_per_byte;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = htons(port),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* One that makes its sender wait as a link would. What it accepts is alike. */
static int socket_open(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), size = WAITING;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return fd;
}

static void link_close(struct link *l)
{
	close(l->halves[0].from);
	close(l->halves[1].from);
	flow_deinit(&l->halves[0].flow);
	flow_deinit(&l->halves[1].flow);
	l->used = false;
}

static void link_open(int client, uint16_t port)
{
	struct sockaddr_in at = loopback(port), far = loopback(0);
	int server = socket_open(), on = 1;
	struct link *l = links;

	far.sin_addr.s_addr = htonl(FAR_HOST);
	while (l < links + LINKS_MAX && l->used)
		l++;
	if (l == links + LINKS_MAX || bind(server, (struct sockaddr *)&far, sizeof(far)) != 0 ||
	    connect(server, (struct sockaddr *)&at, sizeof(at)) != 0) {
		close(server);
		close(client);
		return;
	}
	l->used = true;
	for (int i = 0; i < 2; i++) {
		int from = i ? server : client, to = i ? client : server;

		setsockopt(from, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		fcntl(from, F_SETFL, O_NONBLOCK);
		l->halves[i] = (struct half){.from = from, .to = to};
		if (!flow_init(&l->halves[i].flow, delay_ns, ns_per_byte, now_ns() + rtt_ns))
			exit(1);
	}
}

/* Bytes into the link, as many as it takes now. */
static void half_take_in(struct half *h, uint64_t now)
{
	uint8_t *at;
	size_t room;

	while (!h->ended && (at = flow_room(&h->flow, now, &room))) {
		ssize_t n = read(h->from, at, room);

		if (n > 0)
			flow_put(&h->flow, now, (size_t)n);
		else if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		else
			h->ended = true;
	}
}

/* Bytes out of the link, as many as are due. false: nobody takes them any more. */
static bool half_give_out(struct half *h, uint64_t now)
{
	const uint8_t *at;
	size_t len;

	h->blocked = false;
	while ((at = flow_due(&h->flow, now, &len))) {
		ssize_t n = send(h->to, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN)
			return h->blocked = true;
		if (n < 0)
			return false;
		flow_take(&h->flow, (size_t)n);
	}
	if (h->ended && flow_is_empty(&h->flow))
		shutdown(h->to, SHUT_WR);
	return true;
}

static bool half_is_over(const struct half *h)
{
	return h->ended && flow_is_empty(&h->flow);
}

static void link_move(struct link *l)
{
	uint64_t now = now_ns();
	bool alive = true;

	for (int i = 0; i < 2; i++) {
		half_take_in(&l->halves[i], now);
		alive &= half_give_out(&l->halves[i], now);
	}
	if (!alive || (half_is_over(&l->halves[0]) && half_is_over(&l->halves[1])))
		link_close(l);
}

/* What @l waits for: two descriptors, and a time. */
static uint64_t link_waits(struct link *l, struct pollfd *ret)
{
	uint64_t now = now_ns(), next = FLOW_NEVER;
	size_t room;

	for (int i = 0; i < 2; i++) {
		struct half *h = &l->halves[i];
		uint64_t at = h->blocked ? FLOW_NEVER : flow_next_ns(&h->flow, now);

		next = at < next ? at : next;
		ret[i].fd = h->from;
		ret[i].events = 0;
		if (!h->ended && flow_room(&h->flow, now, &room))
			ret[i].events |= POLLIN;
		if (l->halves[!i].blocked) /* the other half's @to */
			ret[i].events |= POLLOUT;
		if (!ret[i].events)
			ret[i].fd = -1; /* or its hang-up would wake us again and again */
	}
	return next;
}

static void wait_for(struct pollfd *fds, nfds_t count, uint64_t until_ns)
{
	uint64_t now = now_ns(), wait_ns = until_ns > now ? until_ns - now : 0;
	struct timespec wait = {(time_t)(wait_ns / 1000000000), (long)(wait_ns % 1000000000)};

	ppoll(fds, count, until_ns == FLOW_NEVER ? NULL : &wait, NULL);
}

static void serve(int listener, uint16_t port)
{
	struct pollfd fds[1 + 2 * LINKS_MAX] = {{.fd = listener, .events = POLLIN}};

	for (;;) {
		uint64_t next = FLOW_NEVER;
		nfds_t count = 1;

		for (struct link *l = links; l < links + LINKS_MAX; l++) {
			if (l->used)
				link_move(l);
			if (!l->used)
				continue;
			uint64_t at = link_waits(l, fds + count);

			next = at < next ? at : next;
			count += 2;
		}
		wait_for(fds, count, next);
		if (fds[0].revents)
			link_open(accept4(listener, NULL, NULL, SOCK_CLOEXEC), port);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = loopback(0);
	socklen_t len = sizeof(at);
	int listener = socket_open();

	if (argc != 4) {
		fprintf(stderr, "usage: relay RTT_US MBIT_PER_S PORT\n");
		return 2;
	}
	rtt_ns = strtoull(argv[1], NULL, 10) * 1000;
	delay_ns = rtt_ns > OWN_NS ? (rtt_ns - OWN_NS) / 2 : 0;
	ns_per_byte = atof(argv[2]) > 0 ? 8e3 / atof(argv[2]) : 0;
	prctl(PR_SET_TIMERSLACK, 1);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (bind(listener, (struct sockaddr *)&at, len) != 0 || listen(listener, LINKS_MAX) != 0 ||
	    getsockname(listener, (struct sockaddr *)&at, &len) != 0) {
		perror("relay");
		return 1;
	}
	printf("%d\n", ntohs(at.sin_port));
	fclose(stdout);
	serve(listener, (uint16_t)atoi(argv[3]));
	return 0;
}
