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
#include "remotetrans/wire/record.h"

struct framecache_entry {
	gfn_t frame;
	uint64_t generation;  /* 0: read from the running VM */
	const uint8_t *bytes; /* FRAME_BYTES; NULL: verified not to be RAM */
	bool used;
};

struct framecache {
	struct framecache_entry *entries; /* hash table, a power of two */
	size_t size, count;
	uint8_t **slabs; /* pages, FRAMECACHE_SLAB_FRAMES each */
	size_t slab_count, pages_used;
};

#define FRAMECACHE_SLAB_FRAMES 256u
#define FRAMECACHE_FRAMES_MAX  262144u /* 1 GiB: what a server may make us hold */

/* All zero is an empty cache. */
void framecache_deinit(struct framecache *c);

/* Forget all frames, keep the memory. */
void framecache_clear(struct framecache *c);

/* The entry of @frame, borrowed until the next put; NULL: not cached. */
const struct framecache_entry *framecache_find(const struct framecache *c, gfn_t frame);

/* Keep a copy of a verified PAGE or NOT_RAM record. Return: NULL; SYSTEM; PROTO: too many;
 * INTEGRITY: this frame is there already. */
MUST_CHECK const struct err *framecache_put(struct framecache *c, const struct record *rec);

#endif
