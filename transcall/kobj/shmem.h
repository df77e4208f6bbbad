/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shmem - files that live in memory and swap: tmpfs, shared anonymous memory (mm/shmem.c). */
#ifndef TC_KOBJ_SHMEM_H
#define TC_KOBJ_SHMEM_H

#include "transcall/kobj/vma.h"

/* shmem_mapping(): is the area's file one? @ret_inode: out: of the file; null without one */
MUST_CHECK const struct err *shmem_maps(const struct kernel *k, const struct vma *v,
					gva_t *ret_inode, bool *ret);

/* shmem_swap_usage(): pages of the area that its file has in swap. */
MUST_CHECK const struct err *shmem_swapped(const struct kernel *k, const struct vma *v, gva_t inode,
					   uint64_t *ret);

/* shmem_partial_swap_usage(): the same of pages @first to @end - 1 of the file. */
MUST_CHECK const struct err *shmem_swapped_part(const struct kernel *k, gva_t inode, uint64_t first,
						uint64_t end, uint64_t *ret);

#endif
