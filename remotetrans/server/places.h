/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * places - the places of max_clients=: who has one, and who must give way.
 *
 * A connection that has opened no VM yet is anybody's: when no place is free, the oldest of them
 * loses its own to the next that comes. One that has opened a VM keeps its place, but all those of
 * one name together have max_clients_each= at most. So neither strangers nor one client with a
 * certificate can keep all others out.
 *
 * What clients' processes say of their places (claims) is shared by all of them. One that was
 * taken over could write all claims: at worst it keeps others out. Which process has a place, which
 * decides whom the listener kills, is the listener's alone.
 */
#ifndef RT_SERVER_PLACES_H
#define RT_SERVER_PLACES_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "remotetrans/server/access.h"
#include "remotetrans/server/offenders.h"

struct claim {
	_Atomic bool is_kept;
	char name[ACCESS_NAME_BYTES]; /* valid with is_kept */
};

struct place {
	pid_t pid;           /* 0: free */
	int pidfd;           /* of it, owned */
	uint64_t arrival;    /* order */
	struct origin from;
	struct claim *claim; /* borrowed from the table */
};

struct places {
	struct place *all;    /* owned */
	struct claim *claims; /* owned, shared memory; one a place */
	uint32_t count;
	uint32_t each;
	uint64_t arrivals;
};

/* @each: how many one name may keep */
MUST_CHECK const struct err *places_init(struct places *p, uint32_t count, uint32_t each);
void places_deinit(struct places *p);

/* --- the listener's -------------------------------------------------------------------------- */

/* A free place, to be given to a process with places_give(), which takes @pidfd; NULL: none. */
struct place *places_free(struct places *p);
void places_give(struct places *p, struct place *to, pid_t pid, int pidfd,
		 const struct origin *from);

/* Whose connection has to give way to the next; NULL: all have opened a VM. */
struct place *places_oldest_stranger(struct places *p);

/* Process @pid has ended. True: it opened no VM. @ret_from: whence its client came. */
bool places_leave(struct places *p, pid_t pid, struct origin *ret_from);

/* --- a client's process ---------------------------------------------------------------------- */

/* This process serves the client at @mine; without it, places_keep() always succeeds. */
void places_enter(const struct places *p, const struct place *mine);

/* @name has opened a VM: it keeps its place. False: its name has as many as it may have. */
bool places_keep(const char *name);

#endif
