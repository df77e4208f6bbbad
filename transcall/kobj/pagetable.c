/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Page tables of processes. Input: attacker-controlled. */
#include "transcall/kobj/pagetable.h"

#include "remotetrans/base/buf.h"
#include "transcall/kobj/vma.h"

#define PTE_ADDRESS UINT64_C(0x000ffffffffff000)
#define CR4_LA57    (UINT64_C(1) << 12)

/* arch/x86/include/asm/pgtable_64.h: an offset, inverted, from bit 9; above it five bits of type */
#define SWAP_TYPE_BITS    5
#define SWAP_OFFSET_SHIFT 14

/* What an entry of @level covers; level 0 is the last. */
static uint64_t span_of(unsigned level)
{
	return UINT64_C(1) << (12 + 9 * level);
}

const struct err *pte_iter_init(struct pte_iter *it, const struct kernel *k, gva_t mm, uint64_t at,
				uint64_t end)
{
	it->at = at & ~(span_of(0) - 1);
	it->end = (end + span_of(0) - 1) & ~(span_of(0) - 1);
	it->last_at = it->last_end = 0;
	it->levels = k->vcpus[0].cr4 & CR4_LA57 ? 5 : 4;
	if (k->is_pv)
		return ERR(ERR_ABSENT, "frame numbers in a Xen PV guest's page tables are the "
				       "machine's, not its own");
	return kfield_ptr(k, mm, F_mm_struct_pgd, &it->pgd);
}

/* Copy the part of a last-level table that the walk will pass. */
static const struct err *last_read(struct pte_iter *it, const struct kernel *k, gva_t table)
{
	uint64_t end = (it->at | (span_of(1) - 1)) + 1;
	uint8_t bytes[8 * PTE_ENTRIES];
	unsigned count;

	if (end == 0 || end > it->end)
		end = it->end;
	count = (unsigned)((end - it->at) / PAGE_BYTES);
	TRY(kread(k, gva_add(table, 8 * (it->at / PAGE_BYTES % PTE_ENTRIES)), bytes, 8 * count));
	struct buf_reader r = buf_reader_over(bytes, 8 * count);
	for (unsigned i = 0; i < count; i++)
		TRY(buf_read_u64(&r, &it->last[i]));
	it->last_at = it->at;
	it->last_end = end;
	return NULL;
}

/* Go on behind what the entry of @level at the walk's address covers. */
static void skip(struct pte_iter *it, unsigned level)
{
	uint64_t next = (it->at | (span_of(level) - 1)) + 1;

	it->at = next ? next : it->end;
}

/* The entry is a page of its own, or stands for one that is not there. */
static bool is_leaf(uint64_t entry, unsigned level)
{
	if (level > 2)
		return false;
	return !(entry & PTE_PRESENT) || entry & PTE_HUGE;
}

static void leaf_take(struct pte_iter *it, uint64_t entry, unsigned level, struct pte *ret)
{
	*ret = (struct pte){it->at & ~(span_of(level) - 1), span_of(level), entry};
	skip(it, level);
}

/* From the top down to the last table at the walk's address, or past a hole, or to a huge page. */
static const struct err *descend(struct pte_iter *it, const struct kernel *k, struct pte *ret)
{
	gva_t table = it->pgd;

	for (unsigned level = it->levels - 1; level; level--) {
		uint64_t entry;

		TRY(kread_u64(k, gva_add(table, 8 * (it->at / span_of(level) % PTE_ENTRIES)),
			      &entry));
		if (!entry || (!(entry & PTE_PRESENT) && level > 2)) {
			skip(it, level);
			return NULL;
		}
		if (is_leaf(entry, level)) {
			leaf_take(it, entry, level, ret);
			return NULL;
		}
		table = kernel_direct(k, gpa(entry & PTE_ADDRESS));
	}
	return last_read(it, k, table);
}

const struct err *pte_iter_next(struct pte_iter *it, const struct kernel *k, struct pte *ret)
{
	*ret = (struct pte){0};
	while (it->at < it->end && !ret->page_bytes) {
		uint64_t entry;

		if (it->at < it->last_at || it->at >= it->last_end) {
			TRY(descend(it, k, ret));
			continue;
		}
		entry = it->last[(it->at - it->last_at) / PAGE_BYTES];
		if (entry)
			leaf_take(it, entry, 0, ret);
		else
			skip(it, 0);
	}
	return NULL;
}

bool pte_is_present(const struct pte *pte)
{
	uint64_t bits = PTE_PRESENT | PTE_PROTNONE;

	return pte->value & (pte->page_bytes > PAGE_BYTES ? bits | PTE_HUGE : bits);
}

const struct err *pte_is_normal(const struct kernel *k, const struct pte *pte, uint64_t vma_flags,
				bool *ret)
{
	gva_t zero_at = kernel_symbol(k, S_huge_zero_pfn);
	bool huge = pte->page_bytes > PAGE_BYTES && !(vma_flags & VMA_HUGETLB);
	uint64_t zero = UINT64_MAX;

	/* huge pages have the bit of special ones since 6.12 only */
	if (huge && !gva_is_null(zero_at))
		TRY(kread_u64(k, zero_at, &zero));
	*ret = !(pte->value & PTE_SPECIAL) && !(huge && vma_flags & VMA_PFNMAP) &&
	       pte_frame(pte).v != zero;
	return NULL;
}

gfn_t pte_frame(const struct pte *pte)
{
	/* inverted against L1TF where the processor must not follow it */
	uint64_t value = pte->value & PTE_PRESENT ? pte->value : ~pte->value;

	return gfn((value & PTE_ADDRESS & ~(pte->page_bytes - 1)) / PAGE_BYTES);
}

unsigned pte_swap_type(const struct pte *pte)
{
	return (unsigned)(pte->value >> (64 - SWAP_TYPE_BITS));
}

uint64_t pte_swap_offset(const struct pte *pte)
{
	return ~pte->value << SWAP_TYPE_BITS >> SWAP_OFFSET_SHIFT;
}
