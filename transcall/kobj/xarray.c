/* SPDX-License-Identifier: GPL-2.0-or-later */
/* XArray, radix tree and IDR. Input: attacker-controlled. */
#include "transcall/kobj/xarray.h"

#include <endian.h>

#define CHUNK_SHIFT 6 /* XA_CHUNK_SHIFT without CONFIG_BASE_SMALL */
#define CHUNK_SLOTS (1u << CHUNK_SHIFT)
#define SHIFT_MAX   60    /* of the top node over 64-bit indices */
#define RETRY_ENTRY 0x402 /* XA_RETRY_ENTRY: xa_mk_internal(256) */
#define ZERO_ENTRY  0x406 /* XA_ZERO_ENTRY: xa_mk_internal(257) */
#define TURNS_MAX   64    /* nodes left in a row; empty ones are freed at once */
#define NODE_MIN    4096u /* internal entries below are no pointers (xa_is_node()) */

static bool entry_is_node(uint64_t entry)
{
	return (entry & 3) == 2 && entry > NODE_MIN;
}

static gva_t node_of_entry(uint64_t entry)
{
	return gva(entry - 2);
}

/* Of the node at @entry, which must narrow what the one above it with shift @above leads to. */
static const struct err *shift_read(const struct kernel *k, uint64_t entry, unsigned above,
				    unsigned *ret)
{
	uint64_t shift;

	TRY(kfield_uint(k, node_of_entry(entry), F_xa_node_shift, &shift));
	if (shift > SHIFT_MAX || shift % CHUNK_SHIFT)
		return ERR_AT(ERR_RACE, entry, "an xarray node has shift %u", (unsigned)shift);
	if (shift >= above)
		return ERR_AT(ERR_RACE, entry, "an xarray node does not narrow");
	*ret = (unsigned)shift;
	return NULL;
}

static const struct err *slot_read(const struct kernel *k, uint64_t node, uint64_t slot,
				   uint64_t *ret)
{
	return kread_u64(k, gva_add(kfield_at(k, node_of_entry(node), F_xa_node_slots), 8 * slot),
			 ret);
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
 * The first entry of a node at or after *@index, which moves on to it; 0: none, and *@index is past
 * the node. @end: there are no indices beyond, since the top node may have slots past 64 bits.
 */
static const struct err *node_next(const struct kernel *k, uint64_t node, unsigned shift,
				   uint64_t *index, uint64_t *ret, bool *end)
{
	*ret = 0;
	for (unsigned slot = *index >> shift & (CHUNK_SLOTS - 1); slot < CHUNK_SLOTS; slot++) {
		TRY(slot_read(k, node, slot, ret));
		*ret = entry_of_slot(*ret);
		if (*ret)
			return NULL;
		*index = (*index | ((UINT64_C(1) << shift) - 1)) + 1;
		*end = *index == 0;
		if (*end)
			return NULL;
	}
	return NULL;
}

/*
 * One descent from the top to @index. Either finds an entry at or after it within the last node
 * visited, or tells where to go on: *@index past a hole, *@ret 0.
 */
static const struct err *descend(const struct kernel *k, uint64_t top, uint64_t *index,
				 uint64_t *ret, bool *end)
{
	unsigned shift = SHIFT_MAX + CHUNK_SHIFT, above;
	uint64_t node, entry = top;

	do {
		node = entry;
		above = shift;
		const struct err *e = shift_read(k, node, above, &shift);
		*end = !e && node == top && *index > span_of(shift);
		if (!e && !*end)
			e = node_next(k, node, shift, index, &entry, end);
		if (e) { /* all that is below it is lost */
			*index |= above > SHIFT_MAX ? UINT64_MAX : (UINT64_C(1) << above) - 1;
			return e;
		}
		*end |= !entry && node == top;
	} while (!*end && shift && entry_is_node(entry));
	*ret = *end ? 0 : entry;
	return NULL;
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

/* Where it says 'as slot n of this node' (xa_is_sibling()), that one. */
static const struct err *slot_resolve(const struct kernel *k, uint64_t node, uint64_t slot,
				      uint64_t *ret)
{
	TRY(slot_read(k, node, slot, ret));
	if ((*ret & 3) == 2 && *ret >> 2 < CHUNK_SLOTS)
		TRY(slot_read(k, node, *ret >> 2, ret));
	*ret = entry_of_slot(*ret);
	return NULL;
}

const struct err *xarray_load(const struct kernel *k, uint64_t head, uint64_t index, uint64_t *ret)
{
	unsigned shift = SHIFT_MAX + CHUNK_SHIFT;
	uint64_t entry = head;

	*ret = 0;
	if (!entry_is_node(head)) {
		*ret = index == 0 ? entry_of_slot(head) : 0;
		return NULL;
	}
	while (shift && entry_is_node(entry)) {
		TRY(shift_read(k, entry, shift, &shift));
		if (entry == head && index > span_of(shift))
			return NULL;
		TRY(slot_resolve(k, entry, index >> shift & (CHUNK_SLOTS - 1), &entry));
	}
	*ret = entry;
	return NULL;
}
