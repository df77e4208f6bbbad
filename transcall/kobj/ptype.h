/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ptype - who gets received packets, by protocol (struct packet_type). */
#ifndef TC_KOBJ_PTYPE_H
#define TC_KOBJ_PTYPE_H

#include "transcall/kobj/list.h"

/* Walk over those of a network namespace, in the order of /proc/net/ptype. */
struct ptype_iter {
	struct list_iter devices, hooks;
	gva_t net, dev; /* dev: whose list is being walked; null: lists for all devices */
	unsigned lists; /* for all devices, that were gone to */
};
MUST_CHECK const struct err *ptype_iter_init(struct ptype_iter *it, const struct kernel *k,
					     gva_t net);

struct ptype {
	gva_t at;          /* null: the end */
	gva_t dev;         /* struct net_device; null: all */
	gva_t func;        /* what is called */
	uint16_t protocol; /* in host order; PTYPE_ALL: any */
};
#define PTYPE_ALL 3 /* ETH_P_ALL */
MUST_CHECK const struct err *ptype_iter_next(struct ptype_iter *it, const struct kernel *k,
					     struct ptype *ret);

#endif
