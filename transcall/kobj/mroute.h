/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mroute - routing of multicasts: interfaces and routes of the default table (struct mr_table). */
#ifndef TC_KOBJ_MROUTE_H
#define TC_KOBJ_MROUTE_H

#include "transcall/kobj/list.h"

#define MROUTE_VIFS 32 /* MAXVIFS, MAXMIFS */

struct mroute {
	gva_t table; /* struct mr_table; null: none */
	bool is_ipv6;
	uint32_t vif_count; /* at most MROUTE_VIFS */
};
MUST_CHECK const struct err *mroute_find(const struct kernel *k, gva_t net, bool is_ipv6,
					 struct mroute *ret);

struct mroute_vif {
	gva_t dev; /* struct net_device; null: there is no interface of that number */
	uint64_t bytes_in, bytes_out, packets_in, packets_out;
	uint16_t flags;
	uint32_t local, remote; /* in network order, as memory has them */
};
/* @i: below r->vif_count */
MUST_CHECK const struct err *mroute_vif_read(const struct kernel *k, const struct mroute *r,
					     uint32_t i, struct mroute_vif *ret);

/* Walk over the routes, resolved ones first. */
struct mroute_iter {
	struct list_iter list;
	bool is_unresolved;
};
struct mroute_entry {
	gva_t at;                      /* null: the end */
	uint8_t group[16], origin[16]; /* IPv4: the first four bytes */
	int16_t parent;
	bool is_unresolved; /* what follows is not known then, and 0 */
	uint64_t packets, bytes, wrong;
	uint32_t first_vif, end_vif; /* at most MROUTE_VIFS */
	uint8_t ttls[MROUTE_VIFS];
};
MUST_CHECK const struct err *mroute_iter_init(struct mroute_iter *it, const struct kernel *k,
					      const struct mroute *r);
MUST_CHECK const struct err *mroute_iter_next(struct mroute_iter *it, const struct kernel *k,
					      const struct mroute *r, struct mroute_entry *ret);

#endif
