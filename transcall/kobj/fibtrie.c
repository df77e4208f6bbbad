/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tries of IPv4 routes. Input: attacker-controlled. */
#include "transcall/kobj/fibtrie.h"

#include <string.h>

#define POINTER_BYTES 8u
#define STEPS_MAX     (1u << 24)

static void children_enter(struct fibtrie_iter *it, const struct kernel *k, gva_t node,
			   uint32_t count)
{
	it->stack[it->depth].children = kfield_at(k, node, F_key_vector_leaf);
	it->stack[it->depth].count = count;
	it->stack[it->depth++].next = 0;
}

const struct err *fibtrie_init(struct fibtrie_iter *it, const struct kernel *k, gva_t trie)
{
	it->depth = 0;
	it->steps = 0;
	if (!gva_is_null(trie))
		children_enter(it, k, trie, 1);
	return NULL;
}

static const struct err *node_read(const struct kernel *k, gva_t at, struct fibtrie_node *ret)
{
	uint64_t bits, key, pos;

	TRY(kfield_uint(k, at, F_key_vector_bits, &bits));
	TRY(kfield_uint(k, at, F_key_vector_key, &key));
	TRY(kfield_uint(k, at, F_key_vector_pos, &pos));
	ret->at = at;
	ret->key = (uint32_t)key;
	ret->bits = (unsigned)bits;
	ret->pos = (unsigned)pos;
	return NULL;
}

/* An inner node's children are next. */
static const struct err *node_enter(struct fibtrie_iter *it, const struct kernel *k,
				    struct fibtrie_node *node)
{
	node->depth = it->depth - 1;
	if (!node->bits)
		return NULL;
	if (node->bits > FIBTRIE_KEY_BITS || it->depth > FIBTRIE_DEPTH_MAX)
		return ERR_AT(ERR_RACE, node->at.v, "the tree of routes is too deep");
	children_enter(it, k, node->at,
		       UINT32_C(1) << (node->bits < FIBTRIE_KEY_BITS ? node->bits : 0));
	return NULL;
}

const struct err *fibtrie_next(struct fibtrie_iter *it, const struct kernel *k,
			       struct fibtrie_node *ret)
{
	ret->at = gva(0);
	while (it->depth > 0) {
		unsigned top = it->depth - 1;
		gva_t child;

		if (it->steps++ == STEPS_MAX)
			return ERR(ERR_RACE, "the tree of routes does not end");
		if (it->stack[top].next == it->stack[top].count) {
			it->depth--;
			continue;
		}
		TRY(kread_ptr(k,
			      gva_add(it->stack[top].children,
				      (uint64_t)POINTER_BYTES * it->stack[top].next++),
			      &child));
		if (gva_is_null(child))
			continue;
		TRY(node_read(k, child, ret));
		return node_enter(it, k, ret);
	}
	return NULL;
}

const struct err *fibtrie_children(const struct kernel *k, const struct fibtrie_node *node,
				   uint32_t *ret_full, uint32_t *ret_empty)
{
	gva_t at = kfield_container(k, node->at, F_tnode_kv);
	uint64_t full, empty;

	TRY(kfield_uint(k, at, F_tnode_full_children, &full));
	TRY(kfield_uint(k, at, F_tnode_empty_children, &empty));
	*ret_full = (uint32_t)full;
	*ret_empty = (uint32_t)empty;
	return NULL;
}

const struct err *fibtrie_uses(const struct kernel *k, gva_t trie,
			       uint32_t ret[static FIBTRIE_USES])
{
	static const enum field_id ids[FIBTRIE_USES] = {
		F_trie_use_stats_gets,          F_trie_use_stats_backtrack,
		F_trie_use_stats_match_passed,  F_trie_use_stats_match_miss,
		F_trie_use_stats_null_node_hit, F_trie_use_stats_resize_node_skipped};
	uint64_t part;
	gva_t stats;

	memset(ret, 0, sizeof(*ret) * FIBTRIE_USES);
	TRY(kfield_ptr(k, trie, F_trie_stats, &stats));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++)
		for (unsigned i = 0; i < FIBTRIE_USES; i++) {
			TRY(kfield_uint(k, gva_add(stats, k->percpu_base[cpu]), ids[i], &part));
			ret[i] += (uint32_t)part;
		}
	return NULL;
}
