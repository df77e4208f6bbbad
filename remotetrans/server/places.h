/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * places - the places of max_clients=: who has one, and who must give way.
 *
 * A connection that has opened no VM yet is anybody's: when no place is free, the oldest of them
 * loses its own to the next that comes. One that has opened a VM keeps its place, but all those of
 * one name together have max_clients_each= at most. So neither strangers nor one client with a
 * certificate can keep all others out.
 *
 * The table is shared by the listener and its clients' processes, each of which writes its own
 * place only. One that was taken over could write more: at worst it keeps others out.
 */
#ifndef RT_SERVER_PLACES_H
#define RT_SERVER_PLACES_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "remotetrans/server/access.h"

struct place {
	pid_t pid;        /* 0: free; the listener's */
	uint64_t arrival; /* order; the listener's */
	_Atomic bool is_kept;
	char name[ACCESS_NAME_BYTES]; /* valid with is_kept */
};

struct places {
	struct place *all; /* owned, shared memory */
	uint32_t count;
	uint32_t each;
	uint64_t arrivals;
};

/* @each: how many one name may keep */
MUST_CHECK const struct err *places_init(struct places *p, uint32_t count, uint32_t each);
void places_deinit(struct places *p);

/* --- the listener's -------------------------------------------------------------------------- */

/* A free place, to be given to a process with places_give(); NULL: none. */
struct place *places_free(struct places *p);
void places_give(struct places *p, struct place *to, pid_t pid);

/* Whose connection has to give way to the next; NULL: all have opened a VM. */
struct place *places_oldest_stranger(struct places *p);

/* Process @pid has ended. */
void places_leave(struct places *p, pid_t pid);

/* --- a client's process ---------------------------------------------------------------------- */

/* This process serves the client at @mine; without it, places_keep() always succeeds. */
void places_enter(struct places *p, struct place *mine);

/* @name has opened a VM: it keeps its place. False: its name has as many as it may have. */
bool places_keep(const char *name);

#endif
