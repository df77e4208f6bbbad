/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load-clients - many clients at once, each a process of its own.
 *
 *   load-clients COUNT TARGET...
 *
 * Client i opens TARGET i modulo their number. Each line on standard input is a command, carried
 * out by all clients at once, and answered by one line, "COMMAND: COUNT ok, N failed, median X ms,
 * rows A to B":
 *   open    connect, take a first snapshot (some at a time: all then hold their sessions)
 *   list    take a new snapshot and list the names of all processes
 *   close   end the session
 * Failures are told on standard error. The end of standard input ends all.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/load/listing.h"

#define CLIENTS_MAX   4096
#define OPENING_MAX   40 /* one handshake is some milliseconds of computing, for both sides */

struct report {
	uint32_t failed;
	uint32_t rows;
	double ms;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* --- one client ------------------------------------------------------------------------------ */

static const struct err *obey(char command, const char *name, struct target **t, unsigned *rows)
{
	if (command == 'o')
		return listing_open(name, t);
	if (!*t)
		return ERR(ERR_USAGE, "not open");
	if (command == 'l')
		return listing_take(*t, rows);
	target_close(*t);
	*t = NULL;
	return NULL;
}

static void client(const char *name, int fd)
{
	struct target *t = NULL;
	char command;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(fd, &command, 1) == 1) {
		struct report r = {0};
		double start = now_ms();
		const struct err *e = obey(command, name, &t, &r.rows);

		r.ms = now_ms() - start;
		r.failed = e != NULL;
		if (e)
			fprintf(stderr, "load-clients: %s: %s: %s\n", name, err_kind_name(e->kind),
				e->message);
		if (write(fd, &r, sizeof(r)) != (ssize_t)sizeof(r))
			break;
	}
	target_close(t);
}

/* --- all of them ----------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
	const struct report *x = a, *y = b;

	return (x->ms > y->ms) - (x->ms < y->ms);
}

static void summarize(const char *command, struct report *reports, unsigned count)
{
	unsigned failed = 0;
	uint32_t least = UINT32_MAX, most = 0;

	for (unsigned i = 0; i < count; i++) {
		failed += reports[i].failed;
		if (reports[i].failed)
			continue;
		least = reports[i].rows < least ? reports[i].rows : least;
		most = reports[i].rows > most ? reports[i].rows : most;
	}
	qsort(reports, count, sizeof(*reports), by_time);
	printf("%s: %u ok, %u failed, median %.1f ms, longest %.1f ms, rows %u to %u\n", command,
	       count - failed, failed, reports[count / 2].ms, reports[count - 1].ms, least, most);
	fflush(stdout);
}

static void command_some(const char *command, const int *fds, unsigned count, struct report *ret)
{
	for (unsigned i = 0; i < count; i++)
		if (write(fds[i], command, 1) != 1)
			perror("load-clients");
	for (unsigned i = 0; i < count; i++)
		if (recv(fds[i], &ret[i], sizeof(ret[i]), MSG_WAITALL) != (ssize_t)sizeof(ret[i]))
			ret[i] = (struct report){.failed = 1};
}

static void command_all(const char *command, const int *fds, unsigned count)
{
	static struct report reports[CLIENTS_MAX];
	unsigned at_once = *command == 'o' ? OPENING_MAX : count;

	for (unsigned i = 0; i < count; i += at_once)
		command_some(command, fds + i, count - i < at_once ? count - i : at_once,
			     reports + i);
	summarize(command, reports, count);
}

static int start(const char *name, const int *others, unsigned count)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		close(pair[0]);
		for (unsigned i = 0; i < count; i++)
			close(others[i]);
		client(name, pair[1]);
		_exit(0);
	}
	close(pair[1]);
	return pid > 0 ? pair[0] : -1;
}

int main(int argc, char **argv)
{
	unsigned count = argc > 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	static int fds[CLIENTS_MAX];
	char line[64];

	if (!count || count > CLIENTS_MAX) {
		fputs("usage: load-clients COUNT TARGET...\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	for (unsigned i = 0; i < count; i++) {
		fds[i] = start(argv[2 + i % (unsigned)(argc - 2)], fds, i);
		if (fds[i] < 0) {
			fprintf(stderr, "load-clients: client %u: %s\n", i, strerror(errno));
			return 1;
		}
	}
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		command_all(line, fds, count);
	}
	return 0;
}
