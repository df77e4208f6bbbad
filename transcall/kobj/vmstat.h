/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmstat - the counters of the guest's memory management. */
#ifndef TC_KOBJ_VMSTAT_H
#define TC_KOBJ_VMSTAT_H

#include "transcall/kobj/kernel.h"

#define VMSTAT_ITEMS_MAX 256 /* of one kind; kernels have at most 112 */

/*
 * Sums over all zones and nodes, as global_zone_page_state() and global_node_page_state() give
 * them: what single CPUs have not handed in yet is not counted, and nothing is negative.
 */
struct vmstat {
	unsigned zone_count, node_count;
	uint64_t zone[VMSTAT_ITEMS_MAX], node[VMSTAT_ITEMS_MAX];
};
MUST_CHECK const struct err *vmstat_read(const struct kernel *k, struct vmstat *ret);

/* Item E_NR_...: 0 where this kernel has no such item. */
uint64_t vmstat_zone(const struct vmstat *v, const struct kernel *k, enum enumerator_id item);
uint64_t vmstat_node(const struct vmstat *v, const struct kernel *k, enum enumerator_id item);

/* Name of counter @index: those of zones come first, then NUMA events, nodes, and the rest. */
#define VMSTAT_NAME_BYTES 64
MUST_CHECK const struct err *vmstat_name(const struct kernel *k, unsigned index,
					 char ret[static VMSTAT_NAME_BYTES]);

/* @value of a node's counter @item in pages as it is shown: since 5.12 some in huge pages. */
uint64_t vmstat_node_shown(const struct kernel *k, unsigned item, uint64_t value);

/* all_vm_events(): events by number; their count in @ret_count. */
MUST_CHECK const struct err *
vmstat_events(const struct kernel *k, uint64_t ret[static VMSTAT_ITEMS_MAX], unsigned *ret_count);

#endif
