/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leak-sessions - many sessions in one process.
 *
 *   leak-sessions COUNT TARGET
 *   leak-sessions forget TARGET     leave a session open and forget it: to see that this is found
 *
 * Each connects, reads some frames and leaves. A VM may be paused for a tenth of the time only, so
 * but every twentieth lists the processes of a snapshot, and another twentieth fails after it has
 * found the kernel. Prints how many there were.
 */
#include <stdio.h>
#include <stdlib.h>

#include "remotetrans/client/session.h"
#include "tests/load/listing.h"

#define FRAMES 64

/* Connect, agree on a key, read something, leave. */
static const struct err *look(const char *name)
{
	struct target_config config;
	struct session *s = NULL;
	struct vm_info info;
	const uint8_t *bytes;

	TRY(config_load(name, &config));
	TRY(session_open(&config, NULL, 0, &s));
	const struct err *e = session_info(s, &info);
	for (uint64_t i = 0; i < FRAMES && !e; i++) {
		struct framesrc *frames = session_frames(s);

		e = frames->get(frames, gfn(0x1000 + 7 * i), &bytes);
	}
	session_close(s);
	return e;
}

static const struct err *list(const char *name)
{
	struct target *t = NULL;
	unsigned rows = 0;

	TRY(listing_open(name, &t));
	const struct err *e = listing_take(t, &rows);
	target_close(t);
	TRY(e);
	return rows ? NULL : ERR(ERR_PROTO, "an empty listing");
}

static const struct err *forget(const char *name)
{
	struct target *t = NULL;

	return listing_open(name, &t);
}

/* A process that is not there: the session is open when it fails. */
static const struct err *fail(const char *name)
{
	const struct target_options nobody = {.live = true, .in_pid = 4000000};
	struct target *t = NULL;
	const struct err *e = target_open(name, &nobody, &t);

	target_close(t);
	return e && e->kind == ERR_ABSENT ? NULL : e ? e : ERR(ERR_PROTO, "opened, in no process");
}

static const struct err *session(unsigned number, const char *name)
{
	if (number % 20 == 0)
		return list(name);
	return number % 20 == 10 ? fail(name) : look(name);
}

int main(int argc, char **argv)
{
	unsigned count = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;

	if (!count) {
		const struct err *e = argc == 3 ? forget(argv[2]) : NULL;

		return e || argc != 3;
	}
	for (unsigned i = 0; i < count; i++) {
		const struct err *e = session(i, argv[2]);

		if (!e)
			continue;
		fprintf(stderr, "leak-sessions: %u: %s: %s\n", i, err_kind_name(e->kind),
			e->message);
		return 1;
	}
	printf("%u sessions\n", count);
	return 0;
}
