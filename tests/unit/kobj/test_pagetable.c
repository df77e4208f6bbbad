/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_pages.h"
#include "transcall/kobj/pagetable.h"

#define AT   FAKE_USER_AT
#define HUGE (UINT64_C(1) << 21)

static struct fake_guest g;
static struct fake_pages p;
static struct pte_iter it;
static struct pte pte;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_pages_init(&g, &p);
}

TEST(pagetable, gives_entries_that_are_not_empty_in_order)
{
	set_up();
	fake_pte(&g, &p, 0, AT + 2 * PAGE_BYTES, fake_pte_of(7, PTE_ACCESSED));
	fake_pte(&g, &p, 0, AT + 511 * PAGE_BYTES, fake_pte_of(8, 0));
	fake_pte(&g, &p, 0, AT, fake_pte_of(9, 0)); /* before the part that is asked for */
	CHECK_OK(pte_iter_init(&it, &g.k, p.mm, AT + PAGE_BYTES, AT + HUGE));
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte.at, AT + 2 * PAGE_BYTES);
	CU_ASSERT_EQUAL(pte.page_bytes, PAGE_BYTES);
	CU_ASSERT(pte_is_present(&pte));
	CU_ASSERT_EQUAL(pte_frame(&pte).v, 7);
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte.at, AT + 511 * PAGE_BYTES);
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte.page_bytes, 0);
}

TEST(pagetable, passes_holes_of_any_size)
{
	set_up();
	fake_pte(&g, &p, 0, AT, fake_pte_of(7, 0));
	CHECK_OK(pte_iter_init(&it, &g.k, p.mm, 0, UINT64_C(1) << 47));
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte.at, AT);
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte.page_bytes, 0);
}

TEST(pagetable, gives_a_huge_page_once)
{
	set_up();
	fake_pte(&g, &p, 1, AT, fake_pte_of(512, PTE_HUGE));
	CHECK_OK(pte_iter_init(&it, &g.k, p.mm, AT + 3 * PAGE_BYTES, AT + HUGE + PAGE_BYTES));
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte.at, AT);
	CU_ASSERT_EQUAL(pte.page_bytes, HUGE);
	CU_ASSERT_EQUAL(pte_frame(&pte).v, 512);
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte.page_bytes, 0);
}

TEST(pagetable, inverts_frames_that_must_not_be_followed)
{
	uint64_t value = ~(UINT64_C(9) * PAGE_BYTES) & UINT64_C(0x000ffffffffff000);

	set_up();
	fake_pte(&g, &p, 0, AT, value | PTE_PROTNONE);
	CHECK_OK(pte_iter_init(&it, &g.k, p.mm, AT, AT + PAGE_BYTES));
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT(pte_is_present(&pte));
	CU_ASSERT_EQUAL(pte_frame(&pte).v, 9);
}

TEST(pagetable, takes_a_swapped_page_apart)
{
	set_up();
	fake_pte(&g, &p, 0, AT, fake_pte_swapped(3, 0x12345));
	CHECK_OK(pte_iter_init(&it, &g.k, p.mm, AT, AT + PAGE_BYTES));
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT(!pte_is_present(&pte));
	CU_ASSERT_EQUAL(pte_swap_type(&pte), 3);
	CU_ASSERT_EQUAL(pte_swap_offset(&pte), 0x12345);
}

TEST(pagetable, walks_five_levels)
{
	set_up();
	gva_t top = fake_alloc(&g, PAGE_BYTES, PAGE_BYTES);
	fake_u64(&g, top, (p.tables[3].v - FAKE_BASE) | PTE_PRESENT);
	fake_set(&g, p.mm, F_mm_struct_pgd, top.v);
	g.vcpus[0].cr4 = UINT64_C(1) << 12;
	fake_pte(&g, &p, 0, AT, fake_pte_of(7, 0));
	CHECK_OK(pte_iter_init(&it, &g.k, p.mm, AT, AT + PAGE_BYTES));
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte_frame(&pte).v, 7);
}

TEST(pagetable, ends_at_tables_that_lead_nowhere_or_in_a_circle)
{
	set_up();
	fake_pte(&g, &p, 1, AT, UINT64_C(0x7fffffffff000) | PTE_PRESENT);
	CHECK_OK(pte_iter_init(&it, &g.k, p.mm, AT, AT + PAGE_BYTES));
	CHECK_ERR(pte_iter_next(&it, &g.k, &pte), ERR_FAULT);
	/* all levels are one table: the walk is as long as the addresses, and work has an end */
	static struct work work;
	uint64_t top = p.tables[3].v - FAKE_BASE;
	const struct err *e = NULL;

	for (unsigned i = 0; i < PTE_ENTRIES; i++)
		fake_u64(&g, gva_add(p.tables[3], 8 * i), top | PTE_PRESENT);
	work_fill(&work, 1u << 20);
	g.k.work = &work;
	CHECK_OK(pte_iter_init(&it, &g.k, p.mm, 0, UINT64_C(1) << 47));
	for (unsigned i = 0; !e && i < 1u << 24; i++)
		e = pte_iter_next(&it, &g.k, &pte);
	CU_ASSERT(e && e->kind == ERR_RACE);
}

TEST(pagetable, says_that_it_cannot_follow_frames_of_the_machine)
{
	set_up();
	g.k.is_pv = true;
	CHECK_ERR(pte_iter_init(&it, &g.k, p.mm, AT, AT + PAGE_BYTES), ERR_ABSENT);
}

TEST(pagetable, ends_at_an_area_that_ends_within_a_page)
{
	set_up();
	fake_pte(&g, &p, 0, AT, fake_pte_of(7, 0));
	CHECK_OK(pte_iter_init(&it, &g.k, p.mm, AT + 5, AT + 9));
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte.at, AT);
	CHECK_OK(pte_iter_next(&it, &g.k, &pte));
	CU_ASSERT_EQUAL(pte.page_bytes, 0);
}
