/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Iterators over lists, hash chains, trees and radix trees in which every pointer leads to one of
 * few nodes: loops, nodes of their own children, cross-links. Input: which walk, where to begin;
 * then words and what they are.
 *
 * One step takes few reads, and what cannot be longer than the memory has nodes ends.
 */
#include "tests/fuzz/fuzz.h"
#include "transcall/kobj/hashwalk.h"
#include "transcall/kobj/kernel.h"
#include "transcall/kobj/list.h"
#include "transcall/kobj/maple.h"
#include "transcall/kobj/rbtree.h"
#include "transcall/kobj/xarray.h"

#define PROFILE "tests/fuzz/guest/profile"
#define BASE    UINT64_C(0xffff888000000000)
#define NODES   16u
#define NODE_BYTES                                                                                 \
	1024u /* more than any node that is walked here; maple nodes are aligned to 256 */
#define BYTES       (NODES * NODE_BYTES)
#define ENTRIES_MAX (4 * BYTES) /* of a walk without a cycle: any address could be an entry */
#define STEPS_MAX   512u
#define BUCKETS     8u
#define STEP_READS  (64u * 11 * (1 + 64)) /* turns, levels, shift and slots of a node */
#define MAPLE_READS (64u * 31 * 40)

struct memory {
	struct memsrc src; /* first */
	uint8_t bytes[BYTES];
	uint32_t reads;
};

static struct memory memory;
static struct profile profile;
static struct kernel k = {.mem = &memory.src, .profile = &profile};

static const struct err *memory_read(struct memsrc *src, struct memspace space, gva_t at, void *ret,
				     size_t len_bytes)
{
	struct memory *m = (struct memory *)src;
	uint64_t offset = at.v - BASE;

	(void)space;
	m->reads++;
	if (offset > BYTES || len_bytes > BYTES - offset)
		return ERR_AT(ERR_FAULT, at.v, "0x%llx is not mapped", (unsigned long long)at.v);
	memcpy(ret, m->bytes + offset, len_bytes);
	return NULL;
}

/* Where, what it is, which node or what number, how often. */
static void words_fill(struct input *in)
{
	memset(memory.bytes, 0, sizeof(memory.bytes));
	while (in->left_bytes) {
		size_t at = input_u16(in) % (BYTES / 8);
		uint8_t what = input_u8(in), which = input_u8(in), times = input_u8(in) % 80 + 1;
		uint64_t node = BASE + which % NODES * NODE_BYTES;
		const uint64_t words[8] = {node,
					   node + which / NODES * 8u, /* into the middle */
					   node | 2,                  /* xarray: a node */
					   node | (what & 0x78) | 6,  /* maple: root, node, type */
					   which, /* pivots: which, 2 which, ... */
					   (uint64_t)which << (what >> 3) * 2,
					   ~(uint64_t)0 >> which % 64,
					   (what & 7) == 7 ? input_u64(in) : 0};

		for (unsigned i = 0; i < times && at < BYTES / 8; i++, at += 1 + (what >> 7)) {
			uint64_t word = words[what & 7] * ((what & 7) == 4 ? i + 1 : 1);

			memcpy(memory.bytes + 8 * at, &word, 8);
		}
	}
}

static void check(const struct err *e)
{
	HOLDS(!e || e->kind == ERR_FAULT || e->kind == ERR_RACE || e->kind == ERR_ABSENT);
}

static void walk_list(gva_t head, bool is_hlist)
{
	struct list_iter it;
	gva_t at = head;
	unsigned count = 0;
	const struct err *e = is_hlist ? hlist_init(&it, &k, head) : list_init(&it, &k, head);

	while (!e && !gva_is_null(at)) {
		e = list_next(&it, &k, &at);
		HOLDS(count++ < ENTRIES_MAX);
	}
	check(e);
}

static void walk_hash(gva_t heads)
{
	static struct hashwalk w;
	gva_t at = heads;
	unsigned count = 0;
	const struct err *e = hashwalk_init(&w, heads, BUCKETS, 8);

	while (!e && !gva_is_null(at)) {
		e = hashwalk_next(&w, &k, &at);
		HOLDS(count++ < BUCKETS * ENTRIES_MAX);
	}
	check(e);
}

static void walk_rbtree(gva_t root)
{
	struct rbtree_iter it;
	gva_t at = root;
	const struct err *e = rbtree_init(&it, &k, root);

	for (unsigned i = 0; i < STEPS_MAX && !e && !gva_is_null(at); i++) {
		memory.reads = 0;
		e = rbtree_next(&it, &k, &at);
		HOLDS(memory.reads <= RBTREE_DEPTH_MAX + 2 && it.depth <= RBTREE_DEPTH_MAX);
	}
	check(e);
}

static void walk_xarray(uint64_t head, uint64_t index)
{
	uint64_t entry = 1, same;
	const struct err *e = NULL;

	for (unsigned i = 0; i < STEPS_MAX && !e && entry; i++) {
		uint64_t from = index;

		memory.reads = 0;
		e = xarray_next(&k, head, &index, &entry);
		HOLDS(memory.reads <= STEP_READS);
		if (e || !entry)
			break;
		HOLDS(index >= from);
		HOLDS(!xarray_load(&k, head, index, &same) && same == entry);
		if (++index == 0)
			break;
	}
	check(e);
	memory.reads = 0;
	check(xarray_load(&k, head, index, &entry));
	HOLDS(memory.reads <= STEP_READS);
}

static void walk_maple(gva_t tree, uint64_t index)
{
	struct maple_range range = {.entry = 1};
	const struct err *e = NULL;

	for (unsigned i = 0; i < STEPS_MAX && !e && range.entry; i++) {
		memory.reads = 0;
		e = maple_next(&k, tree, index, &range);
		HOLDS(memory.reads <= MAPLE_READS);
		if (e || !range.entry)
			break;
		HOLDS(range.first <= range.last && range.last >= index);
		index = range.last + 1;
		if (index == 0)
			break;
	}
	check(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct input in = {bytes, len_bytes};
	uint8_t which = input_u8(&in);
	gva_t at = gva(BASE + input_u16(&in) % BYTES / 8 * 8);
	uint64_t index = input_u64(&in), word;

	if (!memory.src.read) {
		HOLDS(!profile_load(PROFILE, &profile));
		memory.src.read = memory_read;
	}
	words_fill(&in);
	memcpy(&word, memory.bytes, sizeof(word)); /* the first says where a tree begins */
	switch (which % 6) {
	case 0:
	case 1:
		walk_list(at, which & 1);
		break;
	case 2:
		walk_hash(at);
		break;
	case 3:
		walk_rbtree(at);
		break;
	case 4:
		walk_xarray(word, index);
		break;
	default:
		walk_maple(at, index);
	}
	return 0;
}
