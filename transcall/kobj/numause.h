/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numause - on which nodes the pages of a mapped area are (fs/proc/task_mmu.c). */
#ifndef TC_KOBJ_NUMAUSE_H
#define TC_KOBJ_NUMAUSE_H

#include "transcall/kobj/vma.h"

#define NUMAUSE_NODES 64

/* struct numa_maps; in pages, those of hugetlb in huge ones */
struct numause {
	uint64_t pages, anon, active, writeback, dirty, swapcache;
	int32_t mapcount_max;
	uint64_t node[NUMAUSE_NODES];
};

/* Of @v, an area of @mm. Return: NULL; ABSENT: as memuse_add(); RACE; FAULT; fatal. */
MUST_CHECK const struct err *numause_read(const struct kernel *k, gva_t mm, const struct vma *v,
					  struct numause *ret);

/* A memory policy: "default", or the number of what was set. */
#define NUMAUSE_MASK_BYTES 128 /* MAX_NUMNODES 1024 */
struct numause_policy {
	unsigned mode;                     /* MPOL_*, include/uapi/linux/mempolicy.h; 0: default */
	uint8_t nodes[NUMAUSE_MASK_BYTES]; /* least significant first */
	unsigned nodes_bytes;
};

/**
 * numause_policy_read() - get_vma_policy() of @task's area @v, else the task's own
 * Return: NULL; ABSENT: one that is not rebuilt: with flags, of a file, until 5.13; FAULT; fatal.
 */
MUST_CHECK const struct err *numause_policy_read(const struct kernel *k, gva_t task,
						 const struct vma *v, struct numause_policy *ret);

#endif
