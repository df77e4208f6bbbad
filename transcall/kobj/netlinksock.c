/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink sockets: one resizable hash table (lib/rhashtable.c) for each protocol.
 * Input: attacker-controlled.
 */
#include "transcall/kobj/netlinksock.h"

#define POINTER_BYTES 8u
#define FUTURE_MAX    64u /* tables that a resize may have chained */

/* Begin with the bucket table at @table; null: the protocol has none. */
static const struct err *table_enter(struct netlinksock_iter *it, const struct kernel *k,
				     gva_t table)
{
	uint64_t size, nest;

	it->table = table;
	if (gva_is_null(table))
		return hashwalk_init(&it->walk, table, 0, POINTER_BYTES);
	TRY(kfield_uint(k, table, F_bucket_table_size, &size));
	TRY(kfield_uint(k, table, F_bucket_table_nest, &nest));
	if (nest)
		return ERR_AT(ERR_RACE, table.v,
			      "a netlink hash table is in the middle of a resize");
	TRY(hashwalk_init(&it->walk, kfield_at(k, table, F_bucket_table_buckets), size,
			  POINTER_BYTES));
	it->walk.lock_in_head = true;
	return NULL;
}

/* The struct netlink_table of a protocol. */
static const struct err *table_of(const struct kernel *k, unsigned protocol, gva_t *ret)
{
	TRY(kread_ptr(k, kernel_symbol(k, S_nl_table), ret));
	*ret = gva_add(*ret, (uint64_t)protocol * k->profile->sizes[SIZE_netlink_table]);
	return NULL;
}

static const struct err *protocol_enter(struct netlinksock_iter *it, const struct kernel *k)
{
	gva_t all, table;

	TRY(table_of(k, it->protocol, &all));
	TRY(kfield_ptr(k, all, F_netlink_table_buckets, &table));
	return table_enter(it, k, table);
}

/* From a table that is done to the one it is being moved to, else to the next protocol's. */
static const struct err *table_leave(struct netlinksock_iter *it, const struct kernel *k, bool *ret)
{
	gva_t future = gva(0);

	if (!gva_is_null(it->table))
		TRY(kfield_ptr(k, it->table, F_bucket_table_future, &future));
	*ret = true;
	if (!gva_is_null(future))
		return table_enter(it, k, future);
	*ret = ++it->protocol < NETLINK_PROTOCOLS;
	return *ret ? protocol_enter(it, k) : NULL;
}

const struct err *netlinksock_iter_init(struct netlinksock_iter *it, const struct kernel *k,
					gva_t net)
{
	it->net = net;
	it->protocol = 0;
	return protocol_enter(it, k);
}

const struct err *netlinksock_iter_next(struct netlinksock_iter *it, const struct kernel *k,
					struct sock_head *ret)
{
	gva_t node;

	for (unsigned left = NETLINK_PROTOCOLS + FUTURE_MAX; left > 0;) {
		bool more;

		ret->at = gva(0);
		TRY(hashwalk_next(&it->walk, k, &node));
		if (gva_is_null(node)) {
			TRY(table_leave(it, k, &more));
			if (!more)
				return NULL;
			left--;
			continue;
		}
		TRY(sock_read_head(k, kfield_container(k, node, F_netlink_sock_node), ret));
		if (gva_equal(ret->net, it->net))
			return NULL;
	}
	it->protocol = NETLINK_PROTOCOLS; /* the end */
	it->table = gva(0);
	return ERR_AT(ERR_RACE, it->table.v, "netlink hash tables loop");
}

const struct err *netlinksock_read(const struct kernel *k, gva_t at, struct netlinksock *ret)
{
	uint64_t portid, dst_portid, dst_group, running;
	gva_t groups;

	TRY(kfield_uint(k, at, F_netlink_sock_portid, &portid));
	TRY(kfield_uint(k, at, F_netlink_sock_dst_portid, &dst_portid));
	TRY(kfield_uint(k, at, F_netlink_sock_dst_group, &dst_group));
	TRY(kfield_uint(k, at, F_netlink_sock_cb_running, &running));
	TRY(kfield_ptr(k, at, F_netlink_sock_groups, &groups));
	*ret = (struct netlinksock){.portid = (uint32_t)portid,
				    .dst_portid = (uint32_t)dst_portid,
				    .dst_group = (uint32_t)dst_group,
				    .dumping = running != 0};
	return gva_is_null(groups) ? NULL : kread_u32(k, groups, &ret->groups);
}

const struct err *netlinksock_groups_init(struct list_iter *it, const struct kernel *k,
					  unsigned protocol)
{
	gva_t table;

	TRY(table_of(k, protocol, &table));
	return hlist_init(it, k, kfield_at(k, table, F_netlink_table_mc_list));
}

const struct err *netlinksock_groups_next(struct list_iter *it, const struct kernel *k,
					  struct sock_head *ret)
{
	gva_t node;

	TRY(list_next(it, k, &node));
	ret->at = gva(0);
	return gva_is_null(node)
		       ? NULL
		       : sock_read_head(k, kfield_container(k, node, F_netlink_sock_bind_node), ret);
}
