/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pagetable - the entries that map a part of a process' address space, as its page tables have
 * them. (SDM volume 3, chapter 4.5; arch/x86/include/asm/pgtable_types.h, pgtable-invert.h)
 */
#ifndef TC_KOBJ_PAGETABLE_H
#define TC_KOBJ_PAGETABLE_H

#include "transcall/kobj/kernel.h"

#define PAGE_BYTES     4096u
#define PTE_PRESENT    (UINT64_C(1) << 0)
#define PTE_ACCESSED   (UINT64_C(1) << 5)
#define PTE_DIRTY_BITS (UINT64_C(1) << 6 | UINT64_C(1) << 58) /* the latter since 6.6 */
#define PTE_HUGE       (UINT64_C(1) << 7)                     /* above the last level */
#define PTE_PROTNONE   (UINT64_C(1) << 8)                     /* where not present */
#define PTE_SPECIAL    (UINT64_C(1) << 9)
#define PTE_UFFD_WP    (UINT64_C(1) << 10)
#define PTE_SOFT_DIRTY (UINT64_C(1) << 11)

#define PTE_ENTRIES 512u

/* An entry that is not empty. */
struct pte {
	uint64_t at;         /* user address */
	uint64_t page_bytes; /* that it covers: 4 KiB, 2 MiB, 1 GiB; 0: there is no further entry */
	uint64_t value;
};

/* Walk over the entries of [at, end). */
struct pte_iter {
	gva_t pgd;
	unsigned levels;
	uint64_t at, end;
	uint64_t last_at, last_end; /* what the copy of a last-level table covers */
	uint64_t last[PTE_ENTRIES];
};

/*
 * pte_iter_init(): of the address space @mm.
 * Return: NULL; ABSENT: a Xen PV guest, whose entries have frame numbers of the machine; FAULT.
 */
MUST_CHECK const struct err *pte_iter_init(struct pte_iter *it, const struct kernel *k, gva_t mm,
					   uint64_t at, uint64_t end);
/* Return: NULL; FAULT: a table is not in the guest's memory; RACE; fatal. */
MUST_CHECK const struct err *pte_iter_next(struct pte_iter *it, const struct kernel *k,
					   struct pte *ret);

/* pte_present(), pmd_present(): is there a frame? */
bool pte_is_present(const struct pte *pte);

/*
 * vm_normal_page(), vm_normal_page_pmd(): does a present entry of an area with @vma_flags map a
 * page that counts? Not the zero pages, nor memory of devices.
 */
MUST_CHECK const struct err *pte_is_normal(const struct kernel *k, const struct pte *pte,
					   uint64_t vma_flags, bool *ret);

/* pte_pfn(): the first frame of a present entry. */
gfn_t pte_frame(const struct pte *pte);

/*
 * What an entry that is not present stands for (swp_entry_t): a slot of swap area @type, or
 * something else (swap_has_area()). The last type is of marks without a page (SWP_PTE_MARKER,
 * since 5.19).
 */
#define PTE_MARKER_TYPE 31u
unsigned pte_swap_type(const struct pte *pte);
uint64_t pte_swap_offset(const struct pte *pte);

#endif
