/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * accuracy - what a link of relay's really is on this machine
 *
 *   accuracy RELAY RTT_US MBIT_PER_S    start RELAY before an echo; print a line of JSON: round
 * trips of one byte (us, median, minimum, maximum), and the rate of 8 MB once the window is open
 * (Mb/s)
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS     100
#define BULK_BYTES (8 << 20) /* sent twice: the first opens the window */

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void must(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(1);
	}
}

static int listener(struct sockaddr_in *ret)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*ret);

	*ret = (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	must(bind(fd, (struct sockaddr *)ret, len) == 0 && listen(fd, 1) == 0 &&
		     getsockname(fd, (struct sockaddr *)ret, &len) == 0,
	     "listen");
	return fd;
}

/* Of a round trip's byte and of each bulk one byte comes back. */
static void echo(int fd)
{
	static char bytes[1 << 16];
	size_t total = 0;
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		total += (size_t)n;
		if (total <= ROUNDS || (total - ROUNDS) % BULK_BYTES == 0)
			must(write(fd, bytes, 1) == 1, "echo");
	}
	exit(0);
}

/* The relay's port, from its standard output. */
static uint16_t relay_start(char **argv, uint16_t to)
{
	int out[2];
	char port[16] = "";

	must(pipe(out) == 0, "pipe");
	if (fork() == 0) {
		snprintf(port, sizeof(port), "%u", to);
		dup2(out[1], 1);
		execl(argv[1], argv[1], argv[2], argv[3], port, NULL);
		_exit(127);
	}
	close(out[1]);
	must(read(out[0], port, sizeof(port) - 1) > 0, "relay");
	return (uint16_t)atoi(port);
}

static double round_trip_us(int fd)
{
	double began = now_us();
	char c = 0;

	must(write(fd, &c, 1) == 1 && read(fd, &c, 1) == 1, "round trip");
	return now_us() - began;
}

static int compare(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return d < 0 ? -1 : d > 0;
}

static double bulk_mbit(int fd)
{
	static char bytes[BULK_BYTES];
	double began = now_us();
	char c;

	must(write(fd, bytes, sizeof(bytes)) == sizeof(bytes) && read(fd, &c, 1) == 1, "bulk");
	return BULK_BYTES * 8.0 / (now_us() - began);
}

int main(int argc, char **argv)
{
	struct sockaddr_in at;
	double us[ROUNDS];
	int on = 1, server, fd = socket(AF_INET, SOCK_STREAM, 0);

	must(argc == 4, "usage: accuracy RELAY RTT_US MBIT_PER_S");
	server = listener(&at);
	if (fork() == 0)
		echo(accept(server, NULL, NULL));
	at.sin_port = htons(relay_start(argv, ntohs(at.sin_port)));
	must(connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0, "connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	for (int i = 0; i < ROUNDS; i++)
		us[i] = round_trip_us(fd);
	us[0] = us[1]; /* that one had the connection's, too */
	(void)bulk_mbit(fd);
	qsort(us, ROUNDS, sizeof(us[0]), compare);
	printf("{\"row\":\"relay\",\"rtt_us\":%s,\"mbit\":%s,\"measured_rtt_us\":%.0f,\"min\":%.0f,"
	       "\"max\":%.0f,"
	       "\"measured_mbit\":%.0f}\n",
	       argv[2], argv[3], us[ROUNDS / 2], us[0], us[ROUNDS - 1], bulk_mbit(fd));
	return 0; /* the relay ends with this */
}
