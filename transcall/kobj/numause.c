/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes of mapped areas. Input: attacker-controlled. */
#include "transcall/kobj/numause.h"

#include "transcall/kobj/kpage.h"
#include "transcall/kobj/pagetable.h"
#include "transcall/kobj/shmem.h"

#define MODE_FLAGS 0xe000u /* MPOL_MODE_FLAGS */

/* page_to_nid(): the topmost bits of its flags, as many as number all nodes (page-flags-layout.h)
 */
static uint64_t node_of(const struct kernel *k, const struct kpage *p)
{
	uint32_t nodes = 8 * k->profile->sizes[SIZE_nodemask];
	unsigned width = 0;

	while (width < 16 && 1u << width < nodes)
		width++;
	return width ? p->flags >> (64 - width) : 0;
}

/* gather_stats() */
static const struct err *page_add(const struct kernel *k, const struct pte *pte,
				  const struct kpage *p, bool is_hugetlb, struct numause *s)
{
	uint64_t pages = is_hugetlb ? 1 : pte->page_bytes / PAGE_BYTES, node = node_of(k, p);
	int32_t mappings;

	TRY(kpage_mappings(k, p, is_hugetlb, &mappings));
	if (node >= NUMAUSE_NODES)
		return ERR_AT(ERR_ABSENT, p->at.v, "a page on node %llu", (unsigned long long)node);
	s->pages += pages;
	s->node[node] += pages;
	if (pte->value & PTE_DIRTY_BITS || kpage_has(k, p, E_PG_dirty))
		s->dirty += pages;
	if (kpage_has(k, p, E_PG_swapbacked) && kpage_has(k, p, E_PG_swapcache))
		s->swapcache += pages;
	if (kpage_has(k, p, E_PG_active) || kpage_has(k, p, E_PG_unevictable))
		s->active += pages;
	if (kpage_has(k, p, E_PG_writeback))
		s->writeback += pages;
	if (kpage_is_anon(p))
		s->anon += pages;
	if (mappings > s->mapcount_max)
		s->mapcount_max = mappings;
	return NULL;
}

static const struct err *entry_add(const struct kernel *k, const struct vma *v,
				   const struct pte *pte, struct numause *s)
{
	bool is_hugetlb = v->flags & VMA_HUGETLB, normal;
	struct kpage p;

	if (!pte_is_present(pte))
		return NULL;
	TRY(pte_is_normal(k, pte, v->flags, &normal));
	if (!normal)
		return NULL;
	TRY(kpage_read(k, pte_frame(pte), &p));
	/* pages of the kernel image, which the vdso is in */
	if (kpage_has(k, &p, E_PG_reserved))
		return NULL;
	return page_add(k, pte, &p, is_hugetlb, s);
}

const struct err *numause_read(const struct kernel *k, gva_t mm, const struct vma *v,
			       struct numause *ret)
{
	struct pte_iter it;
	struct pte pte;

	*ret = (struct numause){0};
	TRY(pte_iter_init(&it, k, mm, v->start, v->end));
	for (;;) {
		TRY(pte_iter_next(&it, k, &pte));
		if (!pte.page_bytes)
			return NULL;
		TRY(entry_add(k, v, &pte, ret));
	}
}

/* Files in memory can have policies for their parts: in a tree, mostly empty. */
static const struct err *policy_of_file(const struct kernel *k, const struct vma *v, bool *ret_has)
{
	gva_t inode, root;
	bool shmem;

	*ret_has = false;
	TRY(shmem_maps(k, v, &inode, &shmem));
	if (!shmem)
		return NULL;
	TRY(kfield_ptr(k, kfield_container(k, inode, F_shmem_inode_info_vfs_inode),
		       F_shmem_inode_info_policy, &root));
	*ret_has = !gva_is_null(root);
	return NULL;
}

static const struct err *policy_read(const struct kernel *k, gva_t at, struct numause_policy *ret)
{
	const struct field *nodes = &k->profile->fields[F_mempolicy_nodes];
	uint64_t mode, flags;

	TRY(kfield_uint(k, at, F_mempolicy_mode, &mode));
	TRY(kfield_uint(k, at, F_mempolicy_flags, &flags));
	if (flags & MODE_FLAGS || !nodes->size_bytes || nodes->size_bytes > sizeof(ret->nodes))
		return ERR_AT(ERR_ABSENT, at.v, "a memory policy that is not rebuilt");
	ret->mode = (unsigned)mode;
	ret->nodes_bytes = nodes->size_bytes;
	return kfield_bytes(k, at, F_mempolicy_nodes, ret->nodes, nodes->size_bytes);
}

const struct err *numause_policy_read(const struct kernel *k, gva_t task, const struct vma *v,
				      struct numause_policy *ret)
{
	gva_t policy = gva(0);
	bool of_file;

	*ret = (struct numause_policy){0};
	if (!profile_has(k->profile, F_task_struct_mempolicy))
		return NULL;
	TRY(policy_of_file(k, v, &of_file));
	if (of_file)
		return ERR_AT(ERR_ABSENT, v->at.v, "the memory policy of a file is not rebuilt");
	TRY(kfield_ptr(k, v->at, F_vm_area_struct_policy, &policy));
	if (gva_is_null(policy))
		TRY(kfield_ptr(k, task, F_task_struct_mempolicy, &policy));
	return gva_is_null(policy) ? NULL : policy_read(k, policy, ret);
}
