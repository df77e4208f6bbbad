/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load-hostile - a client that wants to spoil the server for others.
 *
 *   load-hostile BEHAVIOUR COUNT TARGET
 *
 * COUNT processes behave so towards the server of TARGET until they are killed; what the server
 * does to them is of no interest, they begin again. Most behaviours need a certificate and a VM
 * that may be read; silent, half and knock are those of a stranger.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/client/session_internal.h"
#include "tests/load/listing.h"

#define HOUR_MS   3600000u
#define PIPELINED 64

static struct target_config config;

/* A host of its own: every connection comes from another address than the other clients'. */
int connect(int fd, const struct sockaddr *address, socklen_t len)
{
	const struct sockaddr_in own = {.sin_family = AF_INET,
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1)};

	if (address->sa_family == AF_INET &&
	    bind(fd, (const struct sockaddr *)&own, sizeof(own)) != 0)
		return -1;
	return (int)syscall(SYS_connect, fd, address, len);
}

/* --- a stranger's ---------------------------------------------------------------------------- */

static int connect_server(void)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
	char host[sizeof(config.server)];
	int fd = -1;

	snprintf(host, sizeof(host), "%s", config.server);
	char *colon = strrchr(host, ':');
	if (!colon)
		return -1;
	*colon = 0;
	if (getaddrinfo(host, colon + 1, &hints, &list) == 0)
		fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, list->ai_addr, list->ai_addrlen) != 0) {
		close(fd);
		fd = -1;
	}
	if (list)
		freeaddrinfo(list);
	return fd;
}

/* Say @len_bytes, then wait to be thrown out. */
static void stranger(const void *bytes, size_t len_bytes)
{
	int fd = connect_server();
	char byte;

	if (fd < 0)
		return;
	if (send(fd, bytes, len_bytes, MSG_NOSIGNAL) == (ssize_t)len_bytes)
		while (recv(fd, &byte, 1, 0) > 0)
			;
	close(fd);
}

static void silent(void)
{
	stranger("", 0);
}

/* The head of a TLS record (RFC 8446, section 5.1), and of a ClientHello, the rest never comes. */
static void half(void)
{
	stranger("\x16\x03\x01\x02\x00\x01", 6);
}

static void knock(void)
{
	int fd = connect_server();

	if (fd >= 0)
		close(fd);
}

/* --- a client's ------------------------------------------------------------------------------ */

static const struct err *send_info(struct session *s, uint16_t request)
{
	struct msg_info m = {.challenge = {1}};

	return frame_send_info(&s->link.stream, request, &m, stream_after_ms(HOUR_MS));
}

static const struct err *send_snapshot(struct session *s, uint16_t request)
{
	struct msg_snapshot m = {.challenge = {1}, .sets = WORKSET_NAMES};

	memcpy(m.profile, s->profile->hash, sizeof(m.profile));
	return frame_send_snapshot(&s->link.stream, request, &m, stream_after_ms(HOUR_MS));
}

/* Until the answers to @count requests have come. */
static const struct err *read_answers(struct session *s, unsigned count)
{
	struct frame f;

	while (count) {
		TRY(frame_receive(&s->link.stream, TO_CLIENT, stream_after_ms(HOUR_MS), &f));
		count -= f.type == MSG_DONE || f.type == MSG_SNAPSHOT_DONE || f.type == MSG_ERROR;
	}
	return NULL;
}

/* Never reads what it asked for. */
static const struct err *deaf(struct session *s)
{
	for (uint16_t i = 0;; i++)
		TRY(send_snapshot(s, i));
}

/* A request byte by byte. */
static const struct err *trickle(struct session *s)
{
	static const uint8_t head[] = {MSG_INFO, 0, 1, 0, RTVMM_CHALLENGE_BYTES, 0, 0, 0};
	static const uint8_t body[RTVMM_CHALLENGE_BYTES];

	for (size_t i = 0; i < sizeof(head) + sizeof(body); i++) {
		const uint8_t *byte = i < sizeof(head) ? &head[i] : &body[i - sizeof(head)];

		TRY(stream_write(&s->link.stream, byte, 1, stream_after_ms(HOUR_MS)));
		usleep(50000);
	}
	return read_answers(s, 1);
}

/* As many requests as go through. */
static const struct err *flood(struct session *s)
{
	for (;;) {
		for (uint16_t i = 0; i < PIPELINED; i++)
			TRY(send_info(s, i));
		TRY(read_answers(s, PIPELINED));
	}
}

/* One snapshot after the other, all of the VM's pauses. */
static const struct err *greedy(struct session *s)
{
	for (uint16_t i = 0;; i++) {
		TRY(send_snapshot(s, i));
		TRY(read_answers(s, 1));
	}
}

/* Holds its session and asks for nothing. */
static const struct err *hold(struct session *s)
{
	struct frame f;

	return frame_receive(&s->link.stream, TO_CLIENT, stream_after_ms(HOUR_MS), &f);
}

static const struct behaviour {
	const char *name;
	void (*stranger)(void);
	const struct err *(*client)(struct session *s);
} behaviours[] = {
	{"silent", silent, NULL},  {"half", half, NULL},   {"knock", knock, NULL},
	{"deaf", NULL, deaf},      {"flood", NULL, flood}, {"greedy", NULL, greedy},
	{"trickle", NULL, trickle}, {"hold", NULL, hold},
};

static void client(const struct behaviour *b)
{
	struct target *t = NULL;
	const struct err *e = listing_open(config.name, &t);

	if (!e)
		e = b->client(target_session(t));
	if (e) {
		fprintf(stderr, "load-hostile: %s: %s\n", err_kind_name(e->kind), e->message);
		usleep(200000);
	}
	target_close(t);
}

static _Noreturn void behave(const struct behaviour *b)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		if (b->stranger)
			b->stranger();
		else
			client(b);
}

int main(int argc, char **argv)
{
	unsigned count = argc == 4 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	const struct behaviour *b = NULL;

	for (size_t i = 0; argc == 4 && i < sizeof(behaviours) / sizeof(behaviours[0]); i++)
		if (strcmp(argv[1], behaviours[i].name) == 0)
			b = &behaviours[i];
	if (!b || !count) {
		fputs("usage: load-hostile BEHAVIOUR COUNT TARGET\n", stderr);
		return 2;
	}
	const struct err *e = config_load(argv[3], &config);
	if (e) {
		fprintf(stderr, "load-hostile: %s\n", e->message);
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	for (unsigned i = 0; i < count; i++)
		if (fork() == 0)
			behave(b);
	while (wait(NULL) > 0)
		;
	return 0;
}
