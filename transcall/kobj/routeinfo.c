/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes of all tables. Input: attacker-controlled. */
#include "transcall/kobj/routeinfo.h"

#include <string.h>
#include <sys/socket.h>

#include "transcall/kobj/netdev.h"

#define TABLE_LISTS   256u /* FIB_TABLE_HASHSZ */
#define POINTER_BYTES 8u

const struct err *route_read_metrics(const struct kernel *k, gva_t at, struct route_metrics *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (gva_is_null(at))
		return NULL;
	for (unsigned i = 0; i < ROUTE_METRICS; i++)
		TRY(kread_u32(k, gva_add(kfield_at(k, at, F_dst_metrics_metrics), 4 * (uint64_t)i),
			      &ret->v[i]));
	return NULL;
}

const struct err *route_read_leg(const struct kernel *k, gva_t at, struct route_leg *ret)
{
	uint64_t family, flags, weight;
	gva_t dev;

	memset(ret, 0, sizeof(*ret));
	TRY(kfield_ptr(k, at, F_fib_hop_dev, &dev));
	if (!gva_is_null(dev))
		TRY(netdev_index(k, dev, &ret->ifindex));
	TRY(kfield_uint(k, at, F_fib_hop_gw_family, &family));
	TRY(kfield_uint(k, at, F_fib_hop_flags, &flags));
	TRY(kfield_uint(k, at, F_fib_hop_weight, &weight));
	ret->gateway_family = (uint16_t)family;
	ret->flags = (uint8_t)flags;
	ret->weight = (uint32_t)weight;
	return kfield_bytes(k, at, F_fib_hop_gw6, ret->gateway, sizeof(ret->gateway));
}

const struct err *route_nexthop_leg(const struct kernel *k, gva_t nexthop, uint32_t *ret_id,
				    gva_t *ret)
{
	uint64_t is_group, id;
	gva_t info;

	TRY(kfield_uint(k, nexthop, F_nexthop_is_group, &is_group));
	if (is_group)
		return ERR_AT(ERR_ABSENT, nexthop.v, "groups of next hops are not available");
	TRY(kfield_uint(k, nexthop, F_nexthop_id, &id));
	TRY(kfield_ptr(k, nexthop, F_nexthop_info, &info));
	*ret_id = (uint32_t)id;
	*ret = kfield_at(k, info, F_nh_info_hop);
	return NULL;
}

const struct err *route_tables_init(struct hashwalk *it, const struct kernel *k, gva_t net)
{
	gva_t lists;

	TRY(kfield_ptr(k, net, F_net_fib_tables, &lists));
	return hashwalk_init(it, lists, TABLE_LISTS, POINTER_BYTES);
}

const struct err *route_tables_next(struct hashwalk *it, const struct kernel *k, gva_t *ret,
				    uint32_t *ret_id)
{
	uint64_t id;
	gva_t node;

	TRY(hashwalk_next(it, k, &node));
	*ret = node;
	if (gva_is_null(node))
		return NULL;
	*ret = kfield_container(k, node, F_fib_table_list);
	TRY(kfield_uint(k, *ret, F_fib_table_id, &id));
	*ret_id = (uint32_t)id;
	return NULL;
}

const struct err *route_read_info(const struct kernel *k, gva_t at, struct route_info *ret)
{
	uint64_t flags, source, priority, protocol, scope, hops;
	gva_t metrics;

	TRY(kfield_uint(k, at, F_fib_info_flags, &flags));
	TRY(kfield_uint(k, at, F_fib_info_prefsrc, &source));
	TRY(kfield_uint(k, at, F_fib_info_priority, &priority));
	TRY(kfield_uint(k, at, F_fib_info_protocol, &protocol));
	TRY(kfield_uint(k, at, F_fib_info_scope, &scope));
	TRY(kfield_uint(k, at, F_fib_info_hop_count, &hops));
	TRY(kfield_ptr(k, at, F_fib_info_nexthop, &ret->nexthop));
	TRY(kfield_ptr(k, at, F_fib_info_metrics, &metrics));
	if (hops > ROUTE_HOPS_MAX)
		return ERR_AT(ERR_RACE, at.v, "a route of %u hops", (unsigned)hops);
	ret->flags = (uint32_t)flags;
	ret->source = (uint32_t)source;
	ret->priority = (uint32_t)priority;
	ret->protocol = (uint8_t)protocol;
	ret->scope = (uint8_t)scope;
	ret->hops = (uint32_t)hops;
	return route_read_metrics(k, metrics, &ret->metrics);
}

gva_t route_leg_at(const struct kernel *k, gva_t info, uint32_t i)
{
	gva_t hops = kfield_at(k, info, F_fib_info_hops);

	return kfield_at(k, gva_add(hops, (uint64_t)i * k->profile->sizes[SIZE_fib_nh]),
			 F_fib_nh_hop);
}
