/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maple trees. Input: attacker-controlled. */
#include "transcall/kobj/maple.h"

/* include/linux/maple_tree.h; the same since 6.1 */
#define NODE_MASK  UINT64_C(255) /* MAPLE_NODE_MASK: nodes are aligned, type and flags below */
#define TYPE_SHIFT 3             /* MAPLE_NODE_TYPE_SHIFT */
#define TYPE_MASK  15
#define RESERVED   4096 /* MAPLE_RESERVED_RANGE: internal entries that are no nodes */
#define SLOTS_MAX  32
#define HEIGHT_MAX 31    /* MAPLE_HEIGHT_MAX */
#define TURNS_MAX  64 /* leaves without an entry in a row: the kernel leaves none */

enum node_type { /* enum maple_type */
		 TYPE_LEAF = 1,
		 TYPE_RANGE,
		 TYPE_ARANGE
};

/* A node as it was read. */
struct node {
	enum node_type type;
	unsigned slots;
	uint64_t pivot[SLOTS_MAX]; /* one less than slots: the last index of each slot */
	uint64_t slot[SLOTS_MAX];
	uint64_t first, last; /* what the node covers */
};

static bool is_internal(uint64_t entry)
{
	return (entry & 3) == 2;
}

static bool is_node(uint64_t entry)
{
	return is_internal(entry) && entry > RESERVED;
}

static const struct err *read_words(const struct kernel *k, gva_t at, unsigned count, uint64_t *ret)
{
	for (unsigned i = 0; i < count; i++)
		TRY(kread_u64(k, gva_add(at, 8 * (uint64_t)i), &ret[i]));
	return NULL;
}

/* A node that was taken out of its tree is its own parent (ma_dead_node()). */
static const struct err *check_alive(const struct kernel *k, gva_t at)
{
	uint64_t parent;

	TRY(kread_u64(k, at, &parent));
	if ((parent & ~NODE_MASK) == at.v)
		return ERR_AT(ERR_RACE, at.v, "a maple node was freed");
	return NULL;
}

static const struct err *node_read(const struct kernel *k, uint64_t encoded, struct node *ret)
{
	gva_t at = gva(encoded & ~NODE_MASK);
	uint64_t type = encoded >> TYPE_SHIFT & TYPE_MASK;
	bool arange = type == TYPE_ARANGE;
	enum field_id pivot = arange ? F_maple_arange_pivot : F_maple_range_pivot;
	enum field_id slot = arange ? F_maple_arange_slot : F_maple_range_slot;

	if (type < TYPE_LEAF || type > TYPE_ARANGE)
		return ERR_AT(ERR_RACE, at.v, "a maple node of type %u", (unsigned)type);
	ret->type = (enum node_type)type;
	ret->slots = k->profile->fields[slot].size_bytes / 8;
	if (!ret->slots || ret->slots > SLOTS_MAX)
		return ERR(ERR_PROFILE, "maple nodes with %u slots", ret->slots);
	TRY(check_alive(k, at));
	TRY(read_words(k, kfield_at(k, at, pivot), ret->slots - 1, ret->pivot));
	return read_words(k, kfield_at(k, at, slot), ret->slots, ret->slot);
}

/* The last index of slot @i: a pivot of 0, but for the first slot, stands for the node's own end.
 */
static uint64_t slot_last(const struct node *n, unsigned i)
{
	uint64_t pivot = i + 1 < n->slots ? n->pivot[i] : n->last;

	if ((i > 0 && pivot == 0) || pivot > n->last)
		return n->last;
	return pivot;
}

/* The slot that covers @index, which the node covers. */
static const struct err *slot_find(const struct node *n, uint64_t index, unsigned *ret,
				   uint64_t *ret_first)
{
	*ret_first = n->first;
	for (*ret = 0; *ret < n->slots; ++*ret) {
		uint64_t last = slot_last(n, *ret);

		if (last < *ret_first)
			return ERR(ERR_RACE, "a maple node that is not sorted");
		if (index <= last)
			return NULL;
		*ret_first = last + 1;
	}
	return ERR(ERR_RACE, "a maple node that ends early");
}

/* Down to the leaf that covers @index. */
static const struct err *leaf_find(const struct kernel *k, uint64_t root, uint64_t index,
				   struct node *ret)
{
	uint64_t entry = root, first = 0, last = UINT64_MAX;

	for (unsigned height = 0; height < HEIGHT_MAX; height++) {
		unsigned slot;

		TRY(node_read(k, entry, ret));
		ret->first = first;
		ret->last = last;
		if (ret->type == TYPE_LEAF)
			return NULL;
		TRY(slot_find(ret, index, &slot, &first));
		last = slot_last(ret, slot);
		entry = ret->slot[slot];
		/* Nodes in nodes have no mark of their own, as the root has. */
		if (entry <= RESERVED)
			return ERR(ERR_RACE, "a maple node leads nowhere");
	}
	return ERR(ERR_RACE, "a maple tree that is too high");
}

/* The first entry of the leaf at or after @index; none: ret->last is the leaf's end. */
static const struct err *leaf_scan(const struct node *leaf, uint64_t index, struct maple_range *ret)
{
	unsigned i;

	TRY(slot_find(leaf, index, &i, &ret->first));
	for (; i < leaf->slots; i++) {
		ret->last = slot_last(leaf, i);
		if (ret->last < ret->first)
			return ERR(ERR_RACE, "a maple node that is not sorted");
		if (leaf->slot[i] && !is_internal(leaf->slot[i])) {
			ret->entry = leaf->slot[i];
			return NULL;
		}
		if (ret->last == leaf->last)
			return NULL;
		ret->first = ret->last + 1;
	}
	return NULL;
}

const struct err *maple_next(const struct kernel *k, gva_t tree, uint64_t index,
			     struct maple_range *ret)
{
	struct node leaf;
	uint64_t root;

	*ret = (struct maple_range){0};
	TRY(kfield_uint(k, tree, F_maple_tree_root, &root));
	if (!is_node(root)) {
		if (index == 0 && !is_internal(root))
			ret->entry = root;
		return NULL;
	}
	for (unsigned turn = 0; turn < TURNS_MAX; turn++) {
		TRY(leaf_find(k, root, index, &leaf));
		TRY(leaf_scan(&leaf, index, ret));
		if (ret->entry || leaf.last == UINT64_MAX)
			return NULL;
		index = leaf.last + 1;
	}
	return ERR_AT(ERR_RACE, tree.v, "a maple tree with too many empty leaves");
}
