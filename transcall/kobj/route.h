/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route - IPv4 routes: a trie of prefixes for each table (net/ipv4/fib_trie.c). */
#ifndef TC_KOBJ_ROUTE_H
#define TC_KOBJ_ROUTE_H

#include "transcall/kobj/fibtrie.h"
#include "transcall/kobj/list.h"

struct route {
	uint32_t prefix; /* in host order */
	unsigned prefix_len;
	unsigned type; /* RTN_* */
	unsigned tos;
	gva_t info; /* struct fib_info, or null */
};

/* Walk over the routes of the main table, in the order of /proc/net/route. */
struct route_iter {
	struct fibtrie_iter trie;
	uint32_t table;  /* whose routes are wanted: tables may share a trie */
	uint32_t prefix; /* of the leaf that is being listed */
	bool in_leaf;
	struct list_iter aliases;
};
MUST_CHECK const struct err *route_iter_init(struct route_iter *it, const struct kernel *k,
					     gva_t net);
/* The same of the table @id, a struct fib_table. */
MUST_CHECK const struct err *route_iter_init_table(struct route_iter *it, const struct kernel *k,
						   gva_t table, uint32_t id);
MUST_CHECK const struct err *route_iter_next(struct route_iter *it, const struct kernel *k,
					     struct route *ret, bool *ret_end);

/* Walk over the routes of a leaf of a trie, whatever table they are of. */
MUST_CHECK const struct err *route_leaf_init(struct list_iter *it, const struct kernel *k,
					     const struct fibtrie_node *leaf);
/* @ret->prefix is not set. @ret_table: of which table it is. */
MUST_CHECK const struct err *route_leaf_next(struct list_iter *it, const struct kernel *k,
					     struct route *ret, uint32_t *ret_table, bool *ret_end);

/* Where a route leads. */
struct route_hop {
	gva_t dev;        /* struct net_device, or null */
	uint32_t gateway; /* in network order, as memory has it; 0: none */
	uint32_t priority, mtu_advertised, window, rtt;
};
/* Return: NULL; ABSENT: a group of next hops, which this does not read; FAULT; fatal. */
MUST_CHECK const struct err *route_read_hop(const struct kernel *k, gva_t info,
					    struct route_hop *ret);

#endif
