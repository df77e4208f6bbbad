/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thp - transparent huge pages. */
#ifndef TC_KOBJ_THP_H
#define TC_KOBJ_THP_H

#include "transcall/kobj/vma.h"

/* Are there sizes besides the one (since 6.8)? */
bool thp_has_sizes(const struct kernel *k);

/**
 * thp_eligible() - 'THPeligible' of smaps: may @v, an area of @mm, get a huge page?
 *
 * By transparent_hugepage_active() of 5.10, hugepage_vma_check() of 6.1,
 * thp_vma_allowable_orders() since 6.8 (mm/huge_memory.c), for kernels without
 * CONFIG_READ_ONLY_THP_FOR_FS. Not of files on persistent memory (DAX).
 */
MUST_CHECK const struct err *thp_eligible(const struct kernel *k, gva_t mm, const struct vma *v,
					  bool *ret);

#endif
