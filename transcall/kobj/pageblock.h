/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pageblock - what kind of pages each block of memory is kept for (include/linux/mmzone.h,
 * include/linux/pageblock-flags.h, arch/x86/include/asm/sparsemem.h).
 */
#ifndef TC_KOBJ_PAGEBLOCK_H
#define TC_KOBJ_PAGEBLOCK_H

#include "transcall/kobj/kernel.h"

#define PAGEBLOCK_ORDER     9 /* pageblock_order: a huge page's */
#define PAGEBLOCK_PAGES     (1u << PAGEBLOCK_ORDER)
#define PAGEBLOCK_TYPES_MAX 8 /* MIGRATE_TYPES is 5, with CMA 6 */

/* Counts by kind of the blocks of zone @index of node @number; what is not its own has none. */
struct pageblock_counts {
	uint64_t of_type[PAGEBLOCK_TYPES_MAX];
};
MUST_CHECK const struct err *pageblock_count(const struct kernel *k, gva_t zone, unsigned number,
					     unsigned index, struct pageblock_counts *ret);

#endif
