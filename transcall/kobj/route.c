/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 routes. Input: attacker-controlled. */
#include "transcall/kobj/route.h"

#include <sys/socket.h>

#define TABLE_MAIN    254u /* RT_TABLE_MAIN; also its place in FIB_TABLE_HASHSZ lists */
#define POINTER_BYTES 8u
#define KEY_BITS      32u
#define STEPS_MAX     (1u << 24)
#define METRIC_WINDOW 3u /* RTAX_*: one more than their index */
#define METRIC_RTT    4u
#define METRIC_ADVMSS 8u
#define HEADERS_BYTES 40u
#define RTT_SHIFT     3

/* fib_get_table(); @ret null: no table has any route */
static const struct err *main_table(const struct kernel *k, gva_t net, gva_t *ret)
{
	struct list_iter it;
	uint64_t id;
	gva_t lists, node;

	*ret = gva(0);
	TRY(kfield_ptr(k, net, F_net_fib_tables, &lists));
	TRY(hlist_init(&it, k, gva_add(lists, TABLE_MAIN * POINTER_BYTES)));
	for (;;) {
		TRY(list_next(&it, k, &node));
		if (gva_is_null(node))
			return NULL;
		gva_t table = kfield_container(k, node, F_fib_table_list);
		TRY(kfield_uint(k, table, F_fib_table_id, &id));
		if (id == TABLE_MAIN) {
			*ret = table;
			return NULL;
		}
	}
}

/* Go into the node at @at: a leaf (no bits) has routes, the others children. */
static const struct err *node_enter(struct route_iter *it, const struct kernel *k, gva_t at,
				    bool is_root)
{
	uint64_t bits, key;

	TRY(kfield_uint(k, at, F_key_vector_bits, &bits));
	TRY(kfield_uint(k, at, F_key_vector_key, &key));
	if (!bits && !is_root) {
		it->prefix = (uint32_t)key;
		it->in_leaf = true;
		return hlist_init(&it->aliases, k, kfield_at(k, at, F_key_vector_leaf));
	}
	if (bits > KEY_BITS || it->depth == ROUTE_DEPTH_MAX)
		return ERR_AT(ERR_RACE, at.v, "the tree of routes is too deep");
	it->stack[it->depth].children = kfield_at(k, at, F_key_vector_leaf);
	it->stack[it->depth].count = is_root ? 1 : UINT32_C(1) << (bits < KEY_BITS ? bits : 0);
	it->stack[it->depth++].next = 0;
	return NULL;
}

const struct err *route_iter_init(struct route_iter *it, const struct kernel *k, gva_t net)
{
	gva_t table;

	TRY(main_table(k, net, &table));
	return route_iter_init_table(it, k, table, TABLE_MAIN);
}

const struct err *route_iter_init_table(struct route_iter *it, const struct kernel *k, gva_t table,
					uint32_t id)
{
	gva_t trie;

	it->table = id;
	it->depth = 0;
	it->steps = 0;
	it->in_leaf = false;
	if (gva_is_null(table))
		return NULL;
	TRY(kfield_ptr(k, table, F_fib_table_data, &trie));
	return node_enter(it, k, trie, true);
}

/* To the next leaf; false: there is none. */
static const struct err *leaf_find(struct route_iter *it, const struct kernel *k)
{
	gva_t child;

	while (!it->in_leaf && it->depth > 0) {
		unsigned top = it->depth - 1;

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
		if (!gva_is_null(child))
			TRY(node_enter(it, k, child, false));
	}
	return NULL;
}

static const struct err *alias_read(const struct kernel *k, gva_t alias, struct route *ret,
				    uint32_t *ret_table)
{
	uint64_t type, slen, table, tos;

	TRY(kfield_uint(k, alias, F_fib_alias_type, &type));
	TRY(kfield_uint(k, alias, F_fib_alias_tos, &tos));
	TRY(kfield_uint(k, alias, F_fib_alias_slen, &slen));
	TRY(kfield_uint(k, alias, F_fib_alias_table, &table));
	TRY(kfield_ptr(k, alias, F_fib_alias_info, &ret->info));
	if (slen > KEY_BITS)
		return ERR_AT(ERR_RACE, alias.v, "a prefix of %u bits", KEY_BITS - (unsigned)slen);
	ret->type = (unsigned)type;
	ret->prefix_len = KEY_BITS - (unsigned)slen;
	ret->tos = (unsigned)tos;
	*ret_table = (uint32_t)table;
	return NULL;
}

const struct err *route_iter_next(struct route_iter *it, const struct kernel *k, struct route *ret,
				  bool *ret_end)
{
	gva_t node;
	uint32_t table = ~it->table;

	while (table != it->table) {
		TRY(leaf_find(it, k));
		*ret_end = !it->in_leaf;
		if (*ret_end)
			return NULL;
		TRY(list_next(&it->aliases, k, &node));
		it->in_leaf = !gva_is_null(node);
		if (!it->in_leaf)
			continue;
		ret->prefix = it->prefix;
		TRY(alias_read(k, kfield_container(k, node, F_fib_alias_list), ret, &table));
	}
	return NULL;
}

/* fib_info_nhc() */
static const struct err *hop_find(const struct kernel *k, gva_t info, gva_t *ret)
{
	uint64_t is_group;
	gva_t nexthop;

	TRY(kfield_ptr(k, info, F_fib_info_nexthop, &nexthop));
	*ret = kfield_at(k, kfield_at(k, info, F_fib_info_hops), F_fib_nh_hop);
	if (gva_is_null(nexthop))
		return NULL;
	TRY(kfield_uint(k, nexthop, F_nexthop_is_group, &is_group));
	if (is_group)
		return ERR_AT(ERR_ABSENT, nexthop.v, "groups of next hops are not available");
	TRY(kfield_ptr(k, nexthop, F_nexthop_info, ret));
	*ret = kfield_at(k, *ret, F_nh_info_hop);
	return NULL;
}

static const struct err *metric_read(const struct kernel *k, gva_t metrics, unsigned number,
				     uint32_t *ret)
{
	gva_t array = kfield_at(k, metrics, F_dst_metrics_metrics);

	return kread_u32(k, gva_add(array, 4 * (uint64_t)(number - 1)), ret);
}

const struct err *route_read_hop(const struct kernel *k, gva_t info, struct route_hop *ret)
{
	uint64_t priority, family, gateway;
	gva_t hop, metrics;

	TRY(hop_find(k, info, &hop));
	TRY(kfield_ptr(k, hop, F_fib_hop_dev, &ret->dev));
	TRY(kfield_uint(k, hop, F_fib_hop_gw_family, &family));
	TRY(kfield_uint(k, hop, F_fib_hop_gw, &gateway));
	ret->gateway = family == AF_INET ? (uint32_t)gateway : 0;
	TRY(kfield_uint(k, info, F_fib_info_priority, &priority));
	ret->priority = (uint32_t)priority;
	TRY(kfield_ptr(k, info, F_fib_info_metrics, &metrics));
	TRY(metric_read(k, metrics, METRIC_ADVMSS, &ret->mtu_advertised));
	if (ret->mtu_advertised)
		ret->mtu_advertised += HEADERS_BYTES;
	TRY(metric_read(k, metrics, METRIC_WINDOW, &ret->window));
	TRY(metric_read(k, metrics, METRIC_RTT, &ret->rtt));
	ret->rtt >>= RTT_SHIFT;
	return NULL;
}
