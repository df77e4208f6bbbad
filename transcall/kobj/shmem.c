/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Swapped pages of files in memory (mm/shmem.c). Input: attacker-controlled. */
#include "transcall/kobj/shmem.h"

#include "transcall/kobj/pagetable.h"
#include "transcall/kobj/xarray.h"

#define TMPFS_MAGIC 0x01021994u /* include/uapi/linux/magic.h */

const struct err *shmem_maps(const struct kernel *k, const struct vma *v, gva_t *ret_inode,
			     bool *ret)
{
	uint64_t magic;
	gva_t sb;

	*ret = false;
	*ret_inode = gva(0);
	if (gva_is_null(v->file))
		return NULL;
	TRY(kfield_ptr(k, v->file, F_file_inode, ret_inode));
	TRY(kfield_ptr(k, *ret_inode, F_inode_sb, &sb));
	TRY(kfield_uint(k, sb, F_super_block_magic, &magic));
	*ret = magic == TMPFS_MAGIC && profile_has(k->profile, F_shmem_inode_info_swapped);
	return NULL;
}

/* An entry of several pages is found at each of its indices. */
const struct err *shmem_swapped_part(const struct kernel *k, gva_t inode, uint64_t first,
				     uint64_t end, uint64_t *ret)
{
	uint64_t head, entry;
	gva_t mapping;

	*ret = 0;
	TRY(kfield_ptr(k, inode, F_inode_mapping, &mapping));
	TRY(kfield_uint(k, mapping, F_address_space_head, &head));
	for (uint64_t index = first; index < end; index++) {
		TRY(xarray_next(k, head, &index, &entry));
		if (!entry || index >= end)
			return NULL;
		*ret += entry & 1;
	}
	return NULL;
}

const struct err *shmem_swapped(const struct kernel *k, const struct vma *v, gva_t inode,
				uint64_t *ret)
{
	gva_t info = kfield_container(k, inode, F_shmem_inode_info_vfs_inode);
	uint64_t first = v->offset_bytes / PAGE_BYTES, size_bytes;

	TRY(kfield_uint(k, info, F_shmem_inode_info_swapped, ret));
	TRY(kfield_uint(k, inode, F_inode_size, &size_bytes));
	if (!*ret || (!first && v->end - v->start >= size_bytes))
		return NULL;
	return shmem_swapped_part(k, inode, first, first + (v->end - v->start) / PAGE_BYTES, ret);
}
