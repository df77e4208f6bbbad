/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qmp - ask a QEMU by hand and in tests.
 *
 *   qmp SOCKET COMMAND [ARGUMENTS as JSON]   print the result as JSON
 *   qmp SOCKET hmp "TEXT"                    run a command of the human monitor
 *   qmp SOCKET pauses COUNT                  pause and resume COUNT times: microseconds of each,
 * stop and cont together qmp SOCKET watch SECONDS                 print events as they come:
 * microseconds, name
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "vmm/vmmd/qmp.h"

#define MONITOR_BYTES (1u << 20)

static const struct err *ask(struct qmp *q, const char *command, const char *arguments)
{
	json_t *parsed = arguments ? json_loads(arguments, 0, NULL) : NULL;
	AUTO_JSON json_t *result = NULL;
	AUTO_FREE char *text = NULL;

	if (arguments && !parsed)
		return ERR(ERR_USAGE, "not JSON: %s", arguments);
	TRY(qmp_execute(q, command, parsed, &result));
	text = json_dumps(result, JSON_ENCODE_ANY | JSON_COMPACT);
	puts(text ? text : "?");
	return NULL;
}

static const struct err *ask_monitor(struct qmp *q, const char *command)
{
	AUTO_FREE char *text = malloc(MONITOR_BYTES);

	if (!text)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "no memory");
	TRY(qmp_monitor(q, command, text, MONITOR_BYTES));
	fputs(text, stdout);
	return NULL;
}

static void print_event(const char *line)
{
	AUTO_JSON json_t *message = json_loads(line, 0, NULL);
	const char *name = json_string_value(json_object_get(message, "event"));
	json_t *stamp = json_object_get(message, "timestamp");

	if (name)
		printf("%lld %s\n",
		       (long long)(json_integer_value(json_object_get(stamp, "seconds")) * 1000000 +
				   json_integer_value(json_object_get(stamp, "microseconds"))),
		       name);
}

/* Events are read here line by line, because qmp_drain() only counts them. */
static const struct err *watch(struct qmp *q, long seconds)
{
	time_t end = time(NULL) + seconds;
	struct timeval wait = {.tv_usec = 100000};
	char line[65536];
	size_t used = 0;

	setsockopt(q->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	while (time(NULL) < end) {
		ssize_t n = recv(q->fd, line + used, 1, 0);

		if (n == 0)
			return ERR(ERR_PEER, "QEMU has ended");
		if (n < 0)
			continue;
		if (line[used] != '\n' && used + 1 < sizeof(line)) {
			used++;
			continue;
		}
		line[used] = '\0';
		print_event(line);
		used = 0;
	}
	return NULL;
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static const struct err *pauses(struct qmp *q, long count)
{
	for (long i = 0; i < count; i++) {
		AUTO_JSON json_t *stopped = NULL, *running = NULL;
		int64_t began_us = now_us();

		TRY(qmp_execute(q, "stop", NULL, &stopped));
		TRY(qmp_execute(q, "cont", NULL, &running));
		printf("%lld\n", (long long)(now_us() - began_us));
		usleep(20000);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct err *e;
	struct qmp q;

	if (argc < 3 || argc > 4) {
		fputs("usage: qmp SOCKET COMMAND [ARGUMENTS] | hmp TEXT | watch SECONDS | pauses "
		      "COUNT\n",
		      stderr);
		return 2;
	}
	e = qmp_open(&q, argv[1]);
	if (!e && argc == 4 && !strcmp(argv[2], "hmp"))
		e = ask_monitor(&q, argv[3]);
	else if (!e && argc == 4 && !strcmp(argv[2], "watch"))
		e = watch(&q, atol(argv[3]));
	else if (!e && argc == 4 && !strcmp(argv[2], "pauses"))
		e = pauses(&q, atol(argv[3]));
	else if (!e)
		e = ask(&q, argv[2], argc == 4 ? argv[3] : NULL);
	if (e)
		fprintf(stderr, "qmp: %s\n", e->message);
	qmp_close(&q);
	return e != NULL;
}
