/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * framecache - verified frames by number. Only verified records are put in.
 */
#ifndef RT_CLIENT_FRAMECACHE_H
#define RT_CLIENT_FRAMECACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/addr.h"
#include "remotetrans/client/framepool.h"
#include "remotetrans/wire/record.h"

struct framecache_entry {
	gfn_t frame;
	uint64_t generation;    /* 0: read from the running VM */
	struct framepage *page; /* held; NULL: verified not to be RAM */
	bool used;
};

struct framecache {
	struct framepool *pool;           /* borrowed; outlives the cache */
	struct framecache_entry *entries; /* hash table, a power of two */
	size_t size, count;
};

#define FRAMECACHE_FRAMES_MAX 262144u /* 1 GiB: what a server may make us hold */

/* An empty cache is all zero but for its pool. */
void framecache_deinit(struct framecache *c);

/* Forget all frames; their pages go back to the pool. */
void framecache_clear(struct framecache *c);

/* The entry of @frame, borrowed until the next put; NULL: not cached. */
const struct framecache_entry *framecache_find(const struct framecache *c, gfn_t frame);

/* Keep a copy of a verified PAGE or NOT_RAM record. Return: NULL; SYSTEM; PROTO: too many;
 * INTEGRITY: this frame is there already. */
MUST_CHECK const struct err *framecache_put(struct framecache *c, const struct record *rec);

/* The same for a record in short form, whose page @from has: hold it, too. Both have one pool. */
MUST_CHECK const struct err *framecache_keep(struct framecache *c, const struct framecache *from,
					     const struct record *rec);

#endif
