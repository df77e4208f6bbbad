/* SPDX-License-Identifier: GPL-2.0-or-later */
/* node - the guest's memory nodes and their zones. */
#ifndef TC_KOBJ_NODE_H
#define TC_KOBJ_NODE_H

#include "transcall/kobj/kernel.h"

#define NODES_MAX 64 /* that we look at */

/* Bit n: node n is online. */
MUST_CHECK const struct err *node_online(const struct kernel *k, uint64_t *ret);

/*
 * The online node at or after @number, which then is its number: a struct pglist_data. Null: there
 * are no more.
 */
MUST_CHECK const struct err *node_next(const struct kernel *k, unsigned *number, gva_t *ret);

/* Zone @index of a node; null: it has no more. */
gva_t node_zone(const struct kernel *k, gva_t node, unsigned index);

/* Sum of all zones' low watermarks (low_wmark_pages()), in pages. */
MUST_CHECK const struct err *node_low_watermarks(const struct kernel *k, uint64_t *ret);

/* NUMA event @item that CPUs have counted and not handed in yet (since 5.14; else 0). */
MUST_CHECK const struct err *node_numa_pending(const struct kernel *k, unsigned item,
					       uint64_t *ret);

#endif
