/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_pages - the page tables of one address space, and the struct pages of its frames. */
#ifndef TESTS_UNIT_KOBJ_FAKE_PAGES_H
#define TESTS_UNIT_KOBJ_FAKE_PAGES_H

#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/vma.h"

#define FAKE_PAGES       1024 /* that have a struct page */
#define FAKE_USER_AT     UINT64_C(0x7f0000200000)
#define FAKE_SWAP_SLOTS  64
#define FAKE_STRUCT_PAGE 64

/* Bits that fake_pages_init() gives the flags of pages. */
enum { FAKE_HEAD, FAKE_DIRTY, FAKE_REFERENCED, FAKE_SWAPBACKED, FAKE_ACTIVE, FAKE_RESERVED };

struct fake_pages {
	gva_t mm;
	gva_t tables[4]; /* of the level above each page: [0] has the entries of single pages */
	gva_t swap_map;
};

/* Members, an empty address space around FAKE_USER_AT (one table of each level), no swap area. */
void fake_pages_init(struct fake_guest *g, struct fake_pages *p);

/* The entry of level @level (0: a single page) at @at. */
void fake_pte(struct fake_guest *g, const struct fake_pages *p, unsigned level, uint64_t at,
	      uint64_t value);
/* One that is present, for @frame. */
uint64_t fake_pte_of(uint64_t frame, uint64_t bits);
/* One that stands for a slot of swap. */
uint64_t fake_pte_swapped(unsigned type, uint64_t offset);

/* The struct page of @frame: mapped @mappings times, and as often referred to. */
gva_t fake_page(struct fake_guest *g, uint64_t frame, uint64_t flags, uint64_t mapping,
		int32_t mappings);

/* An area of @pages pages from FAKE_USER_AT on. */
struct vma fake_area(struct fake_guest *g, uint64_t pages, uint64_t flags);

/* Swap area 0, each slot used by one. */
void fake_swap(struct fake_guest *g, struct fake_pages *p);

#endif
