/* SPDX-License-Identifier: GPL-2.0-or-later */
/* meminfo - what /proc/meminfo and sysinfo() show beyond single counters of vmstat. */
#ifndef TC_KOBJ_MEMINFO_H
#define TC_KOBJ_MEMINFO_H

#include "transcall/kobj/hugetlb.h"
#include "transcall/kobj/swap.h"
#include "transcall/kobj/vmstat.h"

#define MEMINFO_PAGE_KB 4

/* In pages, except where said. */
struct meminfo {
	uint64_t total, free, available, shared, buffers, cached, swap_cached;
	uint64_t page_tables, vmalloc_used, percpu;
	uint64_t commit_limit, committed;
	struct swap_totals swap;
	struct swap_compressed zswap;
	struct hugetlb huge;
};
MUST_CHECK const struct err *meminfo_read(const struct kernel *k, const struct vmstat *stat,
					  struct meminfo *ret);

/* Size of the vmalloc area in kB: depends on 4 or 5 levels of page tables. */
MUST_CHECK const struct err *meminfo_vmalloc_kb(const struct kernel *k, uint64_t *ret);

/* The direct map in pages of 4 KiB, 2 MiB and 1 GiB, in kB; are there 1 GiB pages at all? */
struct meminfo_direct {
	uint64_t kb[3];
	bool has_1g;
};
MUST_CHECK const struct err *meminfo_direct_read(const struct kernel *k,
						 struct meminfo_direct *ret);

/* global_dirtyable_memory(), without the 1 that guards a division. */
MUST_CHECK const struct err *meminfo_dirtyable(const struct kernel *k, const struct vmstat *stat,
					       uint64_t *ret);

#endif
