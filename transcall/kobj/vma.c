/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mapped areas. Input: attacker-controlled. */
#include "transcall/kobj/vma.h"

#include <stdio.h>

#include "transcall/kobj/inode.h"
#include "transcall/kobj/maple.h"

#define PAGE_SHIFT    12
#define VSYSCALL_NONE 2          /* vsyscall_64.c: enum { EMULATE, XONLY, NONE } */
#define HAS_VSYSCALL  2u         /* MM_CONTEXT_HAS_VSYSCALL: bit 1 */
#define MODE_BACKING  (1u << 24) /* FMODE_BACKING */

const struct err *vma_read(const struct kernel *k, gva_t at, struct vma *ret)
{
	*ret = (struct vma){.at = at};
	TRY(kfield_uint(k, at, F_vm_area_struct_start, &ret->start));
	TRY(kfield_uint(k, at, F_vm_area_struct_end, &ret->end));
	TRY(kfield_uint(k, at, F_vm_area_struct_flags, &ret->flags));
	TRY(kfield_uint(k, at, F_vm_area_struct_pgoff, &ret->page));
	TRY(kfield_ptr(k, at, F_vm_area_struct_file, &ret->file));
	TRY(kfield_ptr(k, at, F_vm_area_struct_ops, &ret->ops));
	TRY(kfield_ptr(k, at, F_vm_area_struct_private_data, &ret->private_data));
	if (!gva_is_null(ret->file))
		ret->offset_bytes = ret->page << PAGE_SHIFT;
	return NULL;
}

const struct err *vma_iter_init(struct vma_iter *it, const struct kernel *k, gva_t mm)
{
	*it = (struct vma_iter){.mm = mm};
	if (profile_has(k->profile, F_mm_struct_mm_mt))
		return NULL;
	return kfield_ptr(k, mm, F_mm_struct_mmap, &it->next);
}

/* get_gate_vma() */
static const struct err *gate_find(const struct kernel *k, gva_t mm, gva_t *ret)
{
	uint64_t flags = HAS_VSYSCALL, compat = 0;
	uint32_t mode;

	*ret = gva(0);
	if (!k->profile->has_symbol[S_gate_vma])
		return NULL;
	if (profile_has(k->profile, F_mm_struct_context_flags))
		TRY(kfield_uint(k, mm, F_mm_struct_context_flags, &flags));
	if (profile_has(k->profile, F_mm_struct_ia32_compat))
		TRY(kfield_uint(k, mm, F_mm_struct_ia32_compat, &compat));
	TRY(kread_u32(k, kernel_symbol(k, S_vsyscall_mode), &mode));
	if (!compat && flags & HAS_VSYSCALL && mode != VSYSCALL_NONE)
		*ret = kernel_symbol(k, S_gate_vma);
	return NULL;
}

/* The next area of the tree or list; null: no more. */
static const struct err *area_next(struct vma_iter *it, const struct kernel *k, gva_t *ret)
{
	struct maple_range range;

	*ret = it->next;
	if (!profile_has(k->profile, F_mm_struct_mm_mt)) {
		it->areas_done = gva_is_null(it->next);
		return it->areas_done ? NULL
				      : kfield_ptr(k, it->next, F_vm_area_struct_next, &it->next);
	}
	TRY(maple_next(k, kfield_at(k, it->mm, F_mm_struct_mm_mt), it->index, &range));
	*ret = gva(range.entry);
	it->index = range.last + 1;
	it->areas_done = it->index == 0;
	return NULL;
}

const struct err *vma_iter_next(struct vma_iter *it, const struct kernel *k, struct vma *ret)
{
	gva_t at = gva(0);

	*ret = (struct vma){0};
	if (it->done)
		return NULL;
	if (!it->areas_done) {
		const struct err *e = area_next(it, k, &at);

		it->areas_done |= e != NULL;
		TRY(e);
	}
	if (gva_is_null(at)) {
		it->done = true;
		TRY(gate_find(k, it->mm, &at));
		return gva_is_null(at) ? NULL : vma_read(k, at, ret);
	}
	TRY(vma_read(k, at, ret));
	if (ret->start < it->low || ret->end <= ret->start) {
		/* a list may loop; indices into a tree only grow */
		it->areas_done |= !profile_has(k->profile, F_mm_struct_mm_mt);
		return ERR_AT(ERR_RACE, at.v, "mapped areas out of order at 0x%llx",
			      (unsigned long long)at.v);
	}
	it->low = ret->end;
	return NULL;
}

/* find_exact_vma() */
const struct err *vma_find(const struct kernel *k, gva_t mm, uint64_t start, uint64_t end,
			   struct vma *ret)
{
	struct vma_iter it;

	TRY(vma_iter_init(&it, k, mm));
	it.index = start; /* a list is walked from its beginning */
	do
		TRY(vma_iter_next(&it, k, ret));
	while (!gva_is_null(ret->at) && ret->start < start);
	if (ret->start != start || ret->end != end)
		*ret = (struct vma){0};
	return NULL;
}

/* file_user_path(), file_user_inode(): since 6.8, a file below overlayfs remembers its user's name.
 */
const struct err *vma_path(const struct kernel *k, const struct vma *v, struct kpath *ret_path,
			   gva_t *ret_inode)
{
	uint64_t mode = 0;

	if (profile_has(k->profile, F_backing_file_user_path))
		TRY(kfield_uint(k, v->file, F_file_mode, &mode));
	if (mode & MODE_BACKING) {
		TRY(kpath_read(k, kfield_at(k, v->file, F_backing_file_user_path), ret_path));
		return inode_of_dentry(k, ret_path->dentry, ret_inode);
	}
	TRY(kfield_ptr(k, v->file, F_file_inode, ret_inode));
	return kpath_read(k, kfield_at(k, v->file, F_file_path), ret_path);
}

const struct err *vma_page_bytes(const struct kernel *k, const struct vma *v, uint64_t *ret)
{
	gva_t inode, sb, info, pool;
	uint64_t order;

	*ret = UINT64_C(1) << PAGE_SHIFT;
	if (!(v->flags & VMA_HUGETLB))
		return NULL;
	TRY(kfield_ptr(k, v->file, F_file_inode, &inode));
	TRY(kfield_ptr(k, inode, F_inode_sb, &sb));
	TRY(kfield_ptr(k, sb, F_super_block_fs_info, &info));
	TRY(kfield_ptr(k, info, F_hugetlbfs_sb_info_hstate, &pool));
	TRY(kfield_uint(k, pool, F_hstate_order, &order));
	*ret <<= order & 31;
	return NULL;
}

/* vm_ops->name: only special mappings and the gate have one. */
static const struct err *special_name(const struct kernel *k, const struct vma *v,
				      char ret[static VMA_NAME_BYTES])
{
	gva_t function, name;

	if (gva_equal(v->at, kernel_symbol(k, S_gate_vma)))
		snprintf(ret, VMA_NAME_BYTES, "[vsyscall]");
	if (*ret || gva_is_null(v->ops))
		return NULL;
	TRY(kfield_ptr(k, v->ops, F_vm_operations_struct_name, &function));
	if (!gva_equal(function, kernel_symbol(k, S_special_mapping_name)))
		return NULL;
	TRY(kfield_ptr(k, v->private_data, F_vm_special_mapping_name, &name));
	return gva_is_null(name) ? NULL : kread_str(k, name, ret, VMA_NAME_BYTES);
}

/* Until 6.1 an area of a file used the name's place for its file. */
static bool has_user_name(const struct kernel *k, const struct vma *v)
{
	const struct field *name = &k->profile->fields[F_vm_area_struct_anon_name];
	const struct field *shared = &k->profile->fields[F_vm_area_struct_shared];

	if (!name->size_bytes)
		return false;
	return gva_is_null(v->file) ||
	       name->offset_bytes - shared->offset_bytes >= shared->size_bytes;
}

/* prctl(PR_SET_VMA_ANON_NAME) */
static const struct err *user_name(const struct kernel *k, const struct vma *v,
				   char ret[static VMA_NAME_BYTES])
{
	char text[VMA_NAME_BYTES / 2];
	gva_t name;

	if (!has_user_name(k, v))
		return NULL;
	TRY(kfield_ptr(k, v->at, F_vm_area_struct_anon_name, &name));
	if (gva_is_null(name))
		return NULL;
	TRY(kread_str(k, kfield_at(k, name, F_anon_vma_name_name), text, sizeof(text)));
	snprintf(ret, VMA_NAME_BYTES, gva_is_null(v->file) ? "[anon:%s]" : "[anon_shmem:%s]", text);
	return NULL;
}

/* vma_is_initial_heap(): until 6.5 an area that only touches the heap counted too. */
static bool is_heap(const struct kernel *k, const struct vma *v, const struct mm_layout *l)
{
	if (profile_has(k->profile, F_backing_file_user_path))
		return v->start < l->brk && v->end > l->start_brk;
	return v->start <= l->brk && v->end >= l->start_brk;
}

const struct err *vma_name(const struct kernel *k, const struct vma *v,
			   const struct mm_layout *layout, char ret[static VMA_NAME_BYTES])
{
	*ret = 0;
	if (!gva_is_null(v->file))
		return user_name(k, v, ret);
	TRY(special_name(k, v, ret));
	if (*ret)
		return NULL;
	if (is_heap(k, v, layout))
		snprintf(ret, VMA_NAME_BYTES, "[heap]");
	else if (v->start <= layout->start_stack && v->end >= layout->start_stack)
		snprintf(ret, VMA_NAME_BYTES, "[stack]");
	else
		return user_name(k, v, ret);
	return NULL;
}
