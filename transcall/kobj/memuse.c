/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of mapped areas. Input: attacker-controlled. */
#include "transcall/kobj/memuse.h"

#include "transcall/kobj/kpage.h"
#include "transcall/kobj/pagetable.h"
#include "transcall/kobj/shmem.h"
#include "transcall/kobj/swap.h"

#define SHARED_TABLE_BYTES (UINT64_C(1) << 30) /* of huge pages, whose table processes may share   \
						*/

/* What accumulates; one area of it at a time. */
struct counting {
	const struct kernel *k;
	const struct vma *v;
	struct memuse *sum;
	gva_t shmem; /* inode whose swapped pages count where the area has no entry; else null */
	uint64_t counted_end;
};

/* smaps_page_accumulate() */
static void page_add(struct counting *c, const struct kpage *p, uint64_t size, uint64_t pss,
		     bool dirty, bool private)
{
	struct memuse *s = c->sum;

	s->pss += pss;
	if (kpage_is_anon(p))
		s->pss_anon += pss;
	else if (kpage_has(c->k, p, E_PG_swapbacked))
		s->pss_shmem += pss;
	else
		s->pss_file += pss;
	if (c->v->flags & VMA_LOCKED)
		s->pss_locked += pss;
	if (dirty)
		s->pss_dirty += pss;
	if (dirty)
		*(private ? &s->private_dirty : &s->shared_dirty) += size;
	else
		*(private ? &s->private_clean : &s->shared_clean) += size;
}

static void shared_page_add(struct counting *c, const struct kpage *p, int32_t mappings, bool dirty)
{
	uint64_t pss = (uint64_t)PAGE_BYTES << MEMUSE_PSS_SHIFT;

	page_add(c, p, PAGE_BYTES, mappings >= 2 ? pss / (uint64_t)mappings : pss, dirty,
		 mappings < 2);
}

/* smaps_account() */
static const struct err *present_add(struct counting *c, const struct pte *pte,
				     const struct kpage *p)
{
	bool dirty = pte->value & PTE_DIRTY_BITS || kpage_has(c->k, p, E_PG_dirty);
	uint64_t size = pte->page_bytes;
	struct memuse *s = c->sum;
	int32_t mappings;

	if (kpage_is_anon(p))
		s->anonymous += size;
	if (kpage_is_anon(p) && !kpage_has(c->k, p, E_PG_swapbacked) && !dirty)
		s->lazyfree += size;
	if (kpage_is_ksm(p))
		s->ksm += size;
	s->resident += size;
	if (pte->value & PTE_ACCESSED || kpage_has(c->k, p, E_PG_young) ||
	    kpage_has(c->k, p, E_PG_referenced))
		s->referenced += size;
	if (p->refcount == 1) {
		page_add(c, p, size, size << MEMUSE_PSS_SHIFT, dirty, true);
		return NULL;
	}
	if (size == PAGE_BYTES) {
		TRY(kpage_mappings(c->k, p, false, &mappings));
		shared_page_add(c, p, mappings, dirty);
		return NULL;
	}
	for (unsigned i = 0; i < size / PAGE_BYTES; i++) {
		TRY(kpage_mappings_of(c->k, p, i, &mappings));
		shared_page_add(c, p, mappings, dirty);
	}
	return NULL;
}

/* smaps_pmd_entry() */
static const struct err *huge_add(struct counting *c, const struct pte *pte, const struct kpage *p)
{
	struct memuse *s = c->sum;

	if (kpage_is_anon(p))
		s->anonymous_thp += pte->page_bytes;
	else if (kpage_has(c->k, p, E_PG_swapbacked))
		s->shmem_thp += pte->page_bytes;
	else
		s->file_thp += pte->page_bytes;
	return present_add(c, pte, p);
}

/* smaps_hugetlb_range() */
static const struct err *hugetlb_add(struct counting *c, const struct pte *pte,
				     const struct kpage *p)
{
	int32_t mappings;

	TRY(kpage_mappings(c->k, p, true, &mappings));
	*(mappings >= 2 ? &c->sum->shared_hugetlb : &c->sum->private_hugetlb) += pte->page_bytes;
	return NULL;
}

/* An entry for a page that is not there. */
static const struct err *absent_add(struct counting *c, const struct pte *pte)
{
	uint64_t pss = (uint64_t)PAGE_BYTES << MEMUSE_PSS_SHIFT;
	unsigned type = pte_swap_type(pte);
	uint32_t users;
	bool swapped;

	TRY(swap_has_area(c->k, type, &swapped));
	if (swapped && pte->page_bytes == PAGE_BYTES) {
		TRY(swap_users(c->k, type, pte_swap_offset(pte), &users));
		c->sum->swap += PAGE_BYTES;
		c->sum->swap_pss += users >= 2 ? pss / users : pss;
		return NULL;
	}
	if (type == PTE_MARKER_TYPE)
		return NULL;
	return ERR_AT(ERR_RACE, pte->at, "a page at 0x%llx is being moved",
		      (unsigned long long)pte->at);
}

static const struct err *entry_add(struct counting *c, const struct pte *pte)
{
	struct kpage p;
	bool normal;

	if (!pte_is_present(pte))
		return absent_add(c, pte);
	TRY(pte_is_normal(c->k, pte, c->v->flags, &normal));
	if (!normal)
		return NULL;
	TRY(kpage_read(c->k, pte_frame(pte), &p));
	if (c->v->flags & VMA_HUGETLB)
		return hugetlb_add(c, pte, &p);
	return pte->page_bytes > PAGE_BYTES ? huge_add(c, pte, &p) : present_add(c, pte, &p);
}

/* smaps_pte_hole(): the area has no entries from where it was counted to @end. */
static const struct err *hole_add(struct counting *c, uint64_t end)
{
	uint64_t start = c->counted_end, pages;
	uint64_t first = (start - c->v->start + c->v->offset_bytes) / PAGE_BYTES;

	if (gva_is_null(c->shmem) || end <= start)
		return NULL;
	TRY(shmem_swapped_part(c->k, c->shmem, first, first + (end - start) / PAGE_BYTES, &pages));
	c->sum->swap += pages * PAGE_BYTES;
	return NULL;
}

/* Shared or read-only areas have no pages of their own: what the file has in swap is theirs. */
static const struct err *shmem_begin(struct counting *c)
{
	uint64_t pages;
	gva_t inode;
	bool shmem;

	TRY(shmem_maps(c->k, c->v, &inode, &shmem));
	if (!shmem)
		return NULL;
	TRY(shmem_swapped(c->k, c->v, inode, &pages));
	if (pages && !(c->v->flags & VMA_SHARED) && c->v->flags & VMA_WRITE)
		c->shmem = inode;
	else
		c->sum->swap += pages * PAGE_BYTES;
	return NULL;
}

const struct err *memuse_add(const struct kernel *k, gva_t mm, const struct vma *v,
			     struct memuse *sum)
{
	struct counting c = {.k = k, .v = v, .sum = sum, .counted_end = v->start};
	struct pte_iter it;
	struct pte pte;

	if (gva_equal(v->at, kernel_symbol(k, S_gate_vma)))
		return NULL;
	if (v->flags & VMA_HUGETLB && v->flags & VMA_MAYSHARE &&
	    v->end - v->start >= SHARED_TABLE_BYTES)
		return ERR_AT(ERR_ABSENT, v->at.v, "huge pages that may share their page tables");
	TRY(shmem_begin(&c));
	TRY(pte_iter_init(&it, k, mm, v->start, v->end));
	for (;;) {
		TRY(pte_iter_next(&it, k, &pte));
		TRY(hole_add(&c, pte.page_bytes ? pte.at : v->end));
		if (!pte.page_bytes)
			return NULL;
		TRY(entry_add(&c, &pte));
		c.counted_end = pte.at + pte.page_bytes;
	}
}
