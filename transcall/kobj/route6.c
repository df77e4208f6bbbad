/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv6 routes. Input: attacker-controlled. */
#include "transcall/kobj/route6.h"

#include <string.h>

#define TABLE_LISTS   256u /* FIB6_TABLE_HASHSZ with CONFIG_IPV6_MULTIPLE_TABLES */
#define POINTER_BYTES 8u
#define HAS_ROUTES    4u /* RTN_RTINFO (include/net/ip6_fib.h) */
#define STEPS_MAX     (1u << 24)

const struct err *route6_iter_init(struct route6_iter *it, const struct kernel *k, gva_t net)
{
	gva_t lists;

	it->depth = 0;
	it->route = gva(0);
	it->steps = 0;
	it->each = false;
	TRY(kfield_ptr(k, net, F_net_fib6_none, &it->none));
	TRY(kfield_ptr(k, net, F_net_fib6_tables, &lists));
	return hashwalk_init(&it->tables, lists, TABLE_LISTS, POINTER_BYTES);
}

static const struct err *node_enter(struct route6_iter *it, gva_t node)
{
	if (it->depth == ROUTE6_DEPTH_MAX)
		return ERR_AT(ERR_RACE, node.v, "the tree of routes is too deep");
	it->stack[it->depth] = node;
	it->done[it->depth++] = 0;
	return NULL;
}

/* Into the next table; it->depth stays 0 at the end. */
static const struct err *table_enter(struct route6_iter *it, const struct kernel *k)
{
	uint64_t id;
	gva_t node;

	TRY(hashwalk_next(&it->tables, k, &node));
	if (gva_is_null(node))
		return NULL;
	gva_t table = kfield_container(k, node, F_fib6_table_list);
	TRY(kfield_uint(k, table, F_fib6_table_id, &id));
	it->table = (uint32_t)id;
	return node_enter(it, kfield_at(k, table, F_fib6_table_root));
}

/* fib6_walk_continue(): routes by source, left, right, then the node's own. */
static const struct err *node_next(struct route6_iter *it, const struct kernel *k)
{
	static const enum field_id children[] = {F_fib6_node_subtree, F_fib6_node_left,
						 F_fib6_node_right};
	unsigned top = it->depth - 1;
	gva_t node = it->stack[top], child;
	uint64_t flags;

	if (it->done[top] < sizeof(children) / sizeof(children[0])) {
		enum field_id id = children[it->done[top]++];

		if (!profile_has(k->profile, id))
			return NULL;
		TRY(kfield_ptr(k, node, id, &child));
		return gva_is_null(child) ? NULL : node_enter(it, child);
	}
	it->depth--;
	TRY(kfield_uint(k, node, F_fib6_node_flags, &flags));
	return flags & HAS_ROUTES ? kfield_ptr(k, node, F_fib6_node_leaf, &it->route) : NULL;
}

/* To the next route; it->route null: there is none. */
static const struct err *route_find(struct route6_iter *it, const struct kernel *k)
{
	while (gva_is_null(it->route)) {
		if (it->steps++ == STEPS_MAX) {
			it->depth = 0;
			return ERR(ERR_RACE, "the tree of routes does not end");
		}
		if (it->depth > 0)
			TRY(node_next(it, k));
		else {
			TRY(table_enter(it, k));
			if (it->depth == 0)
				return NULL;
		}
	}
	return NULL;
}

static const struct err *words_read(const struct kernel *k, gva_t at, struct route6 *ret)
{
	static const struct {
		enum field_id field;
		uint16_t offset;
		bool is_byte;
	} rows[] = {
		{F_fib6_info_flags, offsetof(struct route6, flags), false},
		{F_fib6_info_metric, offsetof(struct route6, metric), false},
		{F_fib6_info_sibling_count, offsetof(struct route6, siblings), false},
		{F_fib6_info_type, offsetof(struct route6, type), true},
		{F_fib6_info_protocol, offsetof(struct route6, protocol), true},
		{F_fib6_info_dst_len, offsetof(struct route6, prefix_len), true},
		{F_fib6_info_prefsrc_len, offsetof(struct route6, source_len), true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t v;

		TRY(kfield_uint(k, at, rows[i].field, &v));
		memcpy((uint8_t *)ret + rows[i].offset, &v, rows[i].is_byte ? 1 : 4);
	}
	return NULL;
}

static const struct err *route_read(const struct kernel *k, gva_t at, struct route6 *ret)
{
	gva_t metrics;

	TRY(words_read(k, at, ret));
	TRY(kfield_bytes(k, at, F_fib6_info_dst, ret->prefix, sizeof(ret->prefix)));
	TRY(kfield_bytes(k, at, F_fib6_info_prefsrc, ret->source, sizeof(ret->source)));
	TRY(kfield_uint(k, at, F_fib6_info_expires, &ret->expires));
	TRY(kfield_ptr(k, at, F_fib6_info_nexthop, &ret->nexthop));
	TRY(kfield_ptr(k, at, F_fib6_info_metrics, &metrics));
	return route_read_metrics(k, metrics, &ret->metrics);
}

/* fib6_dump_node(): behind the last of the siblings, which come as one route. */
static const struct err *step_over(struct route6_iter *it, const struct kernel *k, gva_t at,
				   uint32_t siblings)
{
	for (uint32_t i = 0; i < siblings && i < ROUTE_HOPS_MAX && !gva_is_null(at); i++)
		TRY(kfield_ptr(k, at, F_fib6_info_next, &at));
	return gva_is_null(at) ? NULL : kfield_ptr(k, at, F_fib6_info_next, &it->route);
}

const struct err *route6_iter_next(struct route6_iter *it, const struct kernel *k,
				   struct route6 *ret)
{
	do {
		TRY(route_find(it, k));
		ret->at = it->route;
		it->route = gva(0);
		if (gva_is_null(ret->at))
			return NULL;
		if (it->steps++ == STEPS_MAX)
			return ERR_AT(ERR_RACE, ret->at.v, "routes loop");
		ret->table = it->table;
		TRY(route_read(k, ret->at, ret));
		TRY(step_over(it, k, ret->at, it->each ? 0 : ret->siblings));
	} while (!it->each && gva_equal(ret->at, it->none));
	return NULL;
}

gva_t route6_leg(const struct kernel *k, gva_t route)
{
	return kfield_at(k, route, F_fib6_info_hop);
}

const struct err *route6_sibling(const struct kernel *k, gva_t route, gva_t *ret)
{
	return kfield_ptr(k, route, F_fib6_info_next, ret);
}
