/* SPDX-License-Identifier: GPL-2.0-or-later */
/* routeinfo - routes of all tables, of both families, with where they lead. */
#ifndef TC_KOBJ_ROUTEINFO_H
#define TC_KOBJ_ROUTEINFO_H

#include "transcall/kobj/hashwalk.h"
#include "transcall/kobj/route.h"

#define ROUTE_METRICS  17u /* RTAX_MAX */
#define ROUTE_HOPS_MAX 256u

/* Metrics of a route, in the order of RTAX_*, from 1 on; 0: not set. */
struct route_metrics {
	uint32_t v[ROUTE_METRICS];
};
/* @at: struct dst_metrics, or null. */
MUST_CHECK const struct err *route_read_metrics(const struct kernel *k, gva_t at,
						struct route_metrics *ret);

/* A next hop: struct fib_nh_common. */
struct route_leg {
	int32_t ifindex;         /* 0: none */
	uint16_t gateway_family; /* 0: none */
	uint8_t gateway[16];
	uint8_t flags; /* RTNH_F_* */
	uint32_t weight;
};
MUST_CHECK const struct err *route_read_leg(const struct kernel *k, gva_t at,
					    struct route_leg *ret);

/**
 * route_nexthop_leg() - the one hop of a struct nexthop
 * @ret_id: out: its number
 *
 * Return: NULL; ABSENT: it is a group, which this does not read; FAULT; fatal.
 */
MUST_CHECK const struct err *route_nexthop_leg(const struct kernel *k, gva_t nexthop,
					       uint32_t *ret_id, gva_t *ret);

/* Walk over the IPv4 tables of a network namespace; @ret null: the end. */
MUST_CHECK const struct err *route_tables_init(struct hashwalk *it, const struct kernel *k,
					       gva_t net);
MUST_CHECK const struct err *route_tables_next(struct hashwalk *it, const struct kernel *k,
					       gva_t *ret, uint32_t *ret_id);

/* What all of a route's hops share: struct fib_info. */
struct route_info {
	uint32_t flags, source, priority; /* source in network order, as memory has it */
	uint8_t protocol, scope;
	uint32_t hops;
	gva_t nexthop; /* struct nexthop that it leads to instead of hops of its own, or null */
	struct route_metrics metrics;
};
MUST_CHECK const struct err *route_read_info(const struct kernel *k, gva_t at,
					     struct route_info *ret);
/* Hop number @i (< hops) of its own: for route_read_leg(). */
gva_t route_leg_at(const struct kernel *k, gva_t info, uint32_t i);

#endif
