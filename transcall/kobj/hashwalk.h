/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hashwalk - bounded walks over arrays of hash chains (hlist_head, hlist_nulls_head), bucket by
 * bucket. A null pointer or an odd one (a 'nulls' marker) ends a chain.
 */
#ifndef TC_KOBJ_HASHWALK_H
#define TC_KOBJ_HASHWALK_H

#include "transcall/kobj/kernel.h"

#define HASHWALK_BUCKETS_MAX (1u << 24) /* ehash has at most 512 Ki, UDP 64 Ki */
#define HASHWALK_CHUNK_BYTES 4096u

struct hashwalk {
	gva_t heads; /* of bucket 0 */
	uint32_t count, stride_bytes;
	uint32_t bucket; /* of the node returned last */
	bool in_bucket;
	bool lock_in_head; /* bit 0 of a head is a lock (lib/rhashtable.c), and no end */
	gva_t next;
	gva_t mark; /* Brent's cycle detection within a chain */
	uint32_t steps, mark_steps;
	uint32_t chunk_first, chunk_count; /* heads that are in @chunk */
	uint8_t chunk[HASHWALK_CHUNK_BYTES];
};

/**
 * hashwalk_init() - begin before the first bucket
 * @heads:  address of the first bucket's head pointer
 * @count:  of buckets; RACE when there cannot be so many
 * @stride_bytes: from one head to the next
 */
MUST_CHECK const struct err *hashwalk_init(struct hashwalk *w, gva_t heads, uint64_t count,
					   uint32_t stride_bytes);

/*
 * @ret: address of the next node; null at the end. Return: NULL; RACE: a chain loops; FAULT; fatal.
 * After an error the walk goes on with the next bucket that can be read.
 */
MUST_CHECK const struct err *hashwalk_next(struct hashwalk *w, const struct kernel *k, gva_t *ret);

#endif
