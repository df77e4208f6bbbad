/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * catch-pause - hold a snapshot open: wait until the VM is paused, stop the processes that have it
 * paused, and say so if it then still is.
 *
 *   catch-pause QMP-SOCKET PARENT [MS]
 *
 * Every child of process PARENT (remotetransd, whose children serve one client each) gets SIGSTOP
 * when QEMU says that it has stopped. A pause takes a millisecond or two: if the VM runs again
 * SETTLE_MS later, the snapshot had ended just before: they are continued and the wait goes on.
 * Exit 0: caught, they are stopped and the VM is paused; 3: not within MS (default 10000); 1: an
 * error.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "vmm/vmmd/qmp.h"

#define DEFAULT_MS   10000
#define SETTLE_MS    20
#define CHILDREN_MAX 64
#define NOT_CAUGHT   3

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static const struct err *is_paused(struct qmp *q, bool *ret)
{
	AUTO_JSON json_t *answer = NULL;

	TRY(qmp_execute(q, "query-status", NULL, &answer));
	*ret = !json_is_true(json_object_get(answer, "running"));
	return NULL;
}

struct family {
	pid_t children[CHILDREN_MAX];
	unsigned count;
};

static void family_read(struct family *f, const char *parent)
{
	char path[64];

	f->count = 0;
	snprintf(path, sizeof(path), "/proc/%.16s/task/%.16s/children", parent, parent);
	AUTO_FCLOSE FILE *in = fopen(path, "re");
	while (in && f->count < CHILDREN_MAX && fscanf(in, "%d", &f->children[f->count]) == 1)
		f->count++;
}

static void family_signal(const struct family *f, int signal)
{
	for (unsigned i = 0; i < f->count; i++)
		(void)kill(f->children[i], signal); /* one that has ended is not stopped either */
}

/* The VM is paused: stop them. @ret: it still is after they are. */
static const struct err *try_hold(struct qmp *q, const struct family *f, bool *ret)
{
	family_signal(f, SIGSTOP);
	usleep(SETTLE_MS * 1000);
	const struct err *e = is_paused(q, ret);
	if (e || !*ret)
		family_signal(f, SIGCONT);
	return e;
}

static const struct err *catch_pause(struct qmp *q, const char *parent, uint64_t until_ms,
				     bool *ret)
{
	struct pollfd p = {.fd = q->fd, .events = POLLIN};
	struct family f = {.count = 0};

	for (*ret = false; !*ret && now_ms() < until_ms;) {
		uint64_t stops = q->stops;

		if (poll(&p, 1, 1) == 0)
			family_read(&f, parent); /* so that nothing is to be read later */
		TRY(qmp_drain(q));
		if (q->stops != stops)
			TRY(try_hold(q, &f, ret));
	}
	return NULL;
}

int main(int argc, char **argv)
{
	uint64_t wait_ms = DEFAULT_MS;
	bool caught = false;
	struct qmp q;

	if (argc < 3 || argc > 4 || argv[2][strspn(argv[2], "0123456789")]) {
		fputs("usage: catch-pause QMP-SOCKET PARENT [MS]\n", stderr);
		return 2;
	}
	if (argc == 4)
		wait_ms = strtoull(argv[3], NULL, 10);
	const struct err *e = qmp_open(&q, argv[1]);
	if (!e)
		e = catch_pause(&q, argv[2], now_ms() + wait_ms, &caught);
	qmp_close(&q);
	if (!e)
		return caught ? EXIT_SUCCESS : NOT_CAUGHT;
	fprintf(stderr, "catch-pause: %s\n", e->message);
	return EXIT_FAILURE;
}
