/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/swap.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"

enum { USED = 1, WRITEOK = 2 };

static struct fake_guest g;
static gva_t areas[2], table;

/* Two areas. */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_swap_info_flags, 8}, {F_swap_info_swap_file, 8}, {F_swap_info_pages, 4},
		     {F_swap_info_inuse_pages, 4}, {F_swap_info_prio, 2});
	fake_field(&g, F_address_space_nrpages, 0, 8);
	g.p.sizes[SIZE_address_space] = 64;
	fake_variable(&g, S_nr_swapfiles, 2);
	fake_variable(&g, S_total_swap_pages, 1000);
	fake_variable(&g, S_nr_swap_pages, 900);
	table = fake_symbol(&g, S_swap_info, 8 * SWAP_AREAS_MAX);
	for (unsigned i = 0; i < 2; i++) {
		areas[i] = fake_object(&g);
		fake_u64(&g, gva_add(table, 8 * i), areas[i].v);
	}
}

static void area_set(unsigned i, uint64_t flags, uint64_t used)
{
	fake_set(&g, areas[i], F_swap_info_flags, flags);
	fake_set(&g, areas[i], F_swap_info_inuse_pages, used);
}

static void count_set(uint32_t count)
{
	fake_u32(&g, gva(g.p.symbols[S_nr_swapfiles]), count);
}

/* The flag of newer kernels is no page. */
TEST(swap, a_count_of_eight_bytes_has_a_flag)
{
	struct swap_area a;

	set_up();
	fake_field(&g, F_swap_info_inuse_pages, 64, 8);
	area_set(0, USED | WRITEOK, UINT64_C(1) << 62 | 7);
	CHECK_OK(swap_area_read(&g.k, 0, &a));
	CU_ASSERT_EQUAL(a.used, 7);
}

TEST(swap, there_are_no_more_areas_than_can_be)
{
	struct swap_totals t;
	struct swap_area a;

	set_up();
	for (unsigned i = 0; i < SWAP_AREAS_MAX; i++)
		fake_u64(&g, gva_add(table, 8 * i), areas[0].v);
	count_set(UINT32_MAX);
	CHECK_OK(swap_totals_read(&g.k, &t));
	CHECK_ERR(swap_area_read(&g.k, SWAP_AREAS_MAX, &a), ERR_ABSENT);
	CHECK_ERR(swap_area_read(&g.k, UINT32_MAX, &a), ERR_ABSENT);
	fake_u64(&g, table, 8);
	CHECK_ERR(swap_totals_read(&g.k, &t), ERR_FAULT);
	CHECK_ERR(swap_area_read(&g.k, 0, &a), ERR_FAULT);
}

TEST(swap, caches_have_a_greatest_number)
{
	gva_t counts, spaces, space;
	uint64_t pages;

	set_up();
	counts = fake_symbol(&g, S_nr_swapper_spaces, 4 * SWAP_AREAS_MAX);
	spaces = fake_symbol(&g, S_swapper_spaces, 8 * SWAP_AREAS_MAX);
	space = fake_alloc(&g, 128, 64);
	fake_u32(&g, counts, 2);
	fake_u64(&g, spaces, space.v);
	fake_set(&g, space, F_address_space_nrpages, 3);
	fake_set(&g, gva_add(space, 64), F_address_space_nrpages, 4);
	CHECK_OK(swap_cached(&g.k, &pages));
	CU_ASSERT_EQUAL(pages, 7);
	fake_u32(&g, counts, UINT32_MAX); /* beyond memory, at last */
	CHECK_ERR(swap_cached(&g.k, &pages), ERR_FAULT);
}
