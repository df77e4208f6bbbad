/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memuse - which memory a mapped area uses, alone or with others (fs/proc/task_mmu.c). */
#ifndef TC_KOBJ_MEMUSE_H
#define TC_KOBJ_MEMUSE_H

#include "transcall/kobj/vma.h"

#define MEMUSE_PSS_SHIFT 12 /* PSS_SHIFT */

/* struct mem_size_stats. Bytes; proportional sizes are 1 << MEMUSE_PSS_SHIFT times as large. */
struct memuse {
	uint64_t resident, shared_clean, shared_dirty, private_clean, private_dirty;
	uint64_t referenced, anonymous, ksm, lazyfree;
	uint64_t anonymous_thp, shmem_thp, file_thp;
	uint64_t shared_hugetlb, private_hugetlb, swap;
	uint64_t pss, pss_anon, pss_file, pss_shmem, pss_dirty, pss_locked, swap_pss;
};

/**
 * memuse_add() - smap_gather_stats(): add what @v, an area of @mm, uses
 *
 * Of a page that is being moved, RACE: another look finds it. Return: NULL; ABSENT: the kernel's
 * data do not tell (pte_iter_init(), swap_users(), shared page tables of hugetlb); FAULT; fatal.
 */
MUST_CHECK const struct err *memuse_add(const struct kernel *k, gva_t mm, const struct vma *v,
					struct memuse *sum);

#endif
