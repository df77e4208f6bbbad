/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route6 - IPv6 routes: a tree of prefixes for each table (net/ipv6/ip6_fib.c). */
#ifndef TC_KOBJ_ROUTE6_H
#define TC_KOBJ_ROUTE6_H

#include "transcall/kobj/routeinfo.h"

struct route6 {
	gva_t at; /* struct fib6_info */
	uint32_t table, flags, metric, siblings;
	uint8_t type, protocol;
	uint8_t prefix[16], source[16]; /* source: what packets get as theirs */
	uint8_t prefix_len, source_len; /* source_len 0: none */
	uint64_t expires;               /* jiffies, where the flags say that it does */
	gva_t nexthop;                  /* as in struct route_info */
	struct route_metrics metrics;
};

#define ROUTE6_DEPTH_MAX 260 /* a node for each bit of destination and source, and the roots */

/* Walk over all routes of a network namespace, in the kernel's order. */
struct route6_iter {
	struct hashwalk tables;
	gva_t stack[ROUTE6_DEPTH_MAX];  /* nodes from the root on */
	uint8_t done[ROUTE6_DEPTH_MAX]; /* children of each that were gone to */
	unsigned depth;
	gva_t route; /* next of the node's, or null */
	gva_t none;  /* the route that stands for 'there is none' */
	uint32_t steps, table;
	bool each; /* set after init: siblings come, too, and routes that say 'there is none' */
};
MUST_CHECK const struct err *route6_iter_init(struct route6_iter *it, const struct kernel *k,
					      gva_t net);
/* @ret->at null: the end. Without @it->each, of routes that are one with several
 * hops only the first comes. */
MUST_CHECK const struct err *route6_iter_next(struct route6_iter *it, const struct kernel *k,
					      struct route6 *ret);

/* Its own hop: for route_read_leg(); and the next of those that share its prefix. */
gva_t route6_leg(const struct kernel *k, gva_t route);
MUST_CHECK const struct err *route6_sibling(const struct kernel *k, gva_t route, gva_t *ret);

#endif
