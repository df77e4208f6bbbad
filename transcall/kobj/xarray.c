/* SPDX-License-Identifier: GPL-2.0-or-later */
/* XArray, radix tree and IDR. Input: attacker-controlled. */
#include "transcall/kobj/xarray.h"

#define CHUNK_SHIFT 6 /* XA_CHUNK_SHIFT without CONFIG_BASE_SMALL */
#define CHUNK_SLOTS (1u << CHUNK_SHIFT)
#define SHIFT_MAX   60    /* of the top node over 64-bit indices */
#define RETRY_ENTRY 0x402 /* XA_RETRY_ENTRY: xa_mk_internal(256) */
#define ZERO_ENTRY  0x406 /* XA_ZERO_ENTRY: xa_mk_internal(257) */
#define TURNS_MAX   64    /* nodes left in a row; empty ones are freed at once */
#define NODE_MIN    4096u /* internal entries below are no pointers (xa_is_node()) */

struct xa_node {
	unsigned shift;
	uint64_t slots[CHUNK_SLOTS];
};

static bool entry_is_node(uint64_t entry)
{
	return (entry & 3) == 2 && entry > NODE_MIN;
}

static const struct err *node_read(const struct kernel *k, uint64_t entry, struct xa_node *ret)
{
	gva_t node = gva(entry - 2);
	uint8_t bytes[8 * CHUNK_SLOTS];
	uint64_t shift;

	TRY(kfield_uint(k, node, F_xa_node_shift, &shift));
	if (shift > SHIFT_MAX || shift % CHUNK_SHIFT)
		return ERR_AT(ERR_RACE, node.v, "an xarray node has shift %u", (unsigned)shift);
	ret->shift = (unsigned)shift;
	TRY(kfield_bytes(k, node, F_xa_node_slots, bytes, sizeof(bytes)));
	for (unsigned i = 0; i < CHUNK_SLOTS; i++) {
		uint64_t v = 0;

		for (unsigned b = 8; b-- > 0;)
			v = v << 8 | bytes[8 * i + b];
		ret->slots[i] = v;
	}
	return NULL;
}

/* The node at @entry, which must narrow what the one above it with shift @above leads to. */
static const struct err *node_enter(const struct kernel *k, uint64_t entry, unsigned above,
				    struct xa_node *ret)
{
	TRY(node_read(k, entry, ret));
	if (ret->shift >= above)
		return ERR_AT(ERR_RACE, entry, "an xarray node does not narrow");
	return NULL;
}

/* Sibling, retry and zero entries hold nothing of ours. */
static uint64_t entry_of_slot(uint64_t slot)
{
	return (slot & 3) == 2 && slot <= NODE_MIN ? 0 : slot;
}

/* Highest index below a node of @shift; the kernel's node_maxindex() */
static uint64_t span_of(unsigned shift)
{
	return shift + CHUNK_SHIFT >= 64 ? UINT64_MAX : (UINT64_C(1) << (shift + CHUNK_SHIFT)) - 1;
}

/*
 * One descent from the top to @index. Either finds an entry at or after it within the last node
 * visited, or tells where to go on: *@index past a hole, *@ret 0.
 */
static const struct err *descend(const struct kernel *k, uint64_t top, uint64_t *index,
				 uint64_t *ret, bool *end)
{
	uint64_t entry = top;
	unsigned above = SHIFT_MAX + CHUNK_SHIFT;
	struct xa_node node;

	*ret = 0;
	for (;;) {
		const struct err *e = node_enter(k, entry, above, &node);

		if (e) { /* all that is below it is lost */
			*index |= above > SHIFT_MAX ? UINT64_MAX : (UINT64_C(1) << above) - 1;
			return e;
		}
		above = node.shift;
		if (entry == top && *index > span_of(node.shift)) {
			*end = true;
			return NULL;
		}
		unsigned slot = (*index >> node.shift) & (CHUNK_SLOTS - 1);
		while (slot < CHUNK_SLOTS && !entry_of_slot(node.slots[slot])) {
			slot++;
			*index = (*index | ((UINT64_C(1) << node.shift) - 1)) + 1;
			if (*index == 0) { /* the top node has slots beyond 64 bits */
				*end = true;
				return NULL;
			}
		}
		if (slot == CHUNK_SLOTS) {
			*end = entry == top;
			return NULL;
		}
		entry = entry_of_slot(node.slots[slot]);
		if (!entry_is_node(entry) || node.shift == 0) {
			*ret = entry;
			return NULL;
		}
	}
}

const struct err *xarray_next(const struct kernel *k, uint64_t head, uint64_t *index, uint64_t *ret)
{
	uint64_t from = *index;
	bool end = false;

	*ret = 0;
	if (!entry_is_node(head)) {
		if (from == 0)
			*ret = entry_of_slot(head);
		return NULL;
	}
	for (unsigned turn = 0; !*ret && !end; turn++) {
		const struct err *e = descend(k, head, &from, ret, &end);

		if (!e && turn == TURNS_MAX)
			e = ERR_AT(ERR_RACE, head, "an xarray has too many empty nodes");
		if (e) {
			*index = from;
			return e;
		}
	}
	*index = from;
	return NULL;
}

/* A slot that says 'as slot n of this node' (xa_is_sibling()). */
static uint64_t sibling_resolve(const struct xa_node *node, uint64_t slot)
{
	bool is_sibling = (slot & 3) == 2 && slot >> 2 < CHUNK_SLOTS;

	return entry_of_slot(is_sibling ? node->slots[slot >> 2] : slot);
}

const struct err *xarray_load(const struct kernel *k, uint64_t head, uint64_t index, uint64_t *ret)
{
	unsigned above = SHIFT_MAX + CHUNK_SHIFT;
	uint64_t entry = head;
	struct xa_node node;

	*ret = 0;
	if (!entry_is_node(head)) {
		*ret = index == 0 ? entry_of_slot(head) : 0;
		return NULL;
	}
	while (entry_is_node(entry)) {
		TRY(node_enter(k, entry, above, &node));
		above = node.shift;
		if (entry == head && index > span_of(node.shift))
			return NULL;
		entry = sibling_resolve(&node, node.slots[index >> node.shift & (CHUNK_SLOTS - 1)]);
		if (node.shift == 0)
			break;
	}
	*ret = entry;
	return NULL;
}
