/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 routes. Input: attacker-controlled. */
#include "transcall/kobj/route.h"

#include <sys/socket.h>

#define TABLE_MAIN    254u /* RT_TABLE_MAIN; also its place in FIB_TABLE_HASHSZ lists */
#define POINTER_BYTES 8u
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

const struct err *route_iter_init(struct route_iter *it, const struct kernel *k, gva_t net)
{
	gva_t table;

	TRY(main_table(k, net, &table));
	return route_iter_init_table(it, k, table, TABLE_MAIN);
}

const struct err *route_iter_init_table(struct route_iter *it, const struct kernel *k, gva_t table,
					uint32_t id)
{
	gva_t trie = gva(0);

	it->table = id;
	it->in_leaf = false;
	if (!gva_is_null(table))
		TRY(kfield_ptr(k, table, F_fib_table_data, &trie));
	return fibtrie_init(&it->trie, k, trie);
}

/* To the next leaf; it->in_leaf stays false at the end. */
static const struct err *leaf_find(struct route_iter *it, const struct kernel *k)
{
	struct fibtrie_node node;

	while (!it->in_leaf) {
		TRY(fibtrie_next(&it->trie, k, &node));
		if (gva_is_null(node.at))
			return NULL;
		if (node.bits)
			continue;
		it->prefix = node.key;
		it->in_leaf = true;
		TRY(route_leaf_init(&it->aliases, k, &node));
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
	if (slen > FIBTRIE_KEY_BITS)
		return ERR_AT(ERR_RACE, alias.v, "a prefix of %u bits",
			      FIBTRIE_KEY_BITS - (unsigned)slen);
	ret->type = (unsigned)type;
	ret->prefix_len = FIBTRIE_KEY_BITS - (unsigned)slen;
	ret->tos = (unsigned)tos;
	*ret_table = (uint32_t)table;
	return NULL;
}

const struct err *route_leaf_init(struct list_iter *it, const struct kernel *k,
				  const struct fibtrie_node *leaf)
{
	return hlist_init(it, k, kfield_at(k, leaf->at, F_key_vector_leaf));
}

const struct err *route_leaf_next(struct list_iter *it, const struct kernel *k, struct route *ret,
				  uint32_t *ret_table, bool *ret_end)
{
	gva_t node;

	TRY(list_next(it, k, &node));
	*ret_end = gva_is_null(node);
	if (*ret_end)
		return NULL;
	return alias_read(k, kfield_container(k, node, F_fib_alias_list), ret, ret_table);
}

const struct err *route_iter_next(struct route_iter *it, const struct kernel *k, struct route *ret,
				  bool *ret_end)
{
	uint32_t table = ~it->table;
	bool end;

	while (table != it->table) {
		TRY(leaf_find(it, k));
		*ret_end = !it->in_leaf;
		if (*ret_end)
			return NULL;
		TRY(route_leaf_next(&it->aliases, k, ret, &table, &end));
		it->in_leaf = !end;
		ret->prefix = it->prefix;
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
