/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * share - waiting for another front end, where the session is to be kept for it, and only as long
 * as nothing of what it was made from has changed.
 */
#ifndef TC_KEEPER_SHARE_H
#define TC_KEEPER_SHARE_H

#include "transcall/target/outdated.h"

struct share {
	const char *path; /* of the socket; NULL: the session is not shared */
	struct target *target;
	struct opened_by by;
	int mounts;     /* this machine's, as the tool's tree was made from them */
	uint64_t files; /* digest of those of them that the tool's tree covers */
	int idle_ms;
};

/* To be called before the tool's tree is made. */
void share_init(struct share *s, const char *path);

/* The target is open. */
void share_begin(struct share *s, struct target *target);

/**
 * share_wait() - for a front end of the same user
 * @ret: out: its channel
 *
 * The socket is there for as long as this waits, so nobody else comes meanwhile.
 * Return: false: nobody came in time, or there is no use in waiting.
 */
bool share_wait(struct share *s, int *ret);

#endif
