/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/pageblock.h"

#define BLOCKS       4
#define PAGES        (BLOCKS * PAGEBLOCK_PAGES)
#define PAGE_SIZE_OF 16
#define ZONE         2
#define NODE         1

static struct fake_guest g;
static gva_t zone, section, usage, pages;

static void set_page(unsigned block, uint64_t node, uint64_t index)
{
	gva_t page = gva_add(pages, (uint64_t)block * PAGEBLOCK_PAGES * PAGE_SIZE_OF);

	fake_u64(&g, page, node << 58 | index << 55);
}

/* A zone of four blocks in one section: kinds 0, 1, 1, 2. 64 possible nodes. */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_mem_section_map, 8}, {F_mem_section_usage, 8});
	FAKE_MEMBERS(&g, {F_mem_section_usage_subsections, 8}, {F_mem_section_usage_flags, 32});
	FAKE_MEMBERS(&g, {F_zone_zone_start_pfn, 8}, {F_zone_spanned_pages, 8});
	fake_field(&g, F_page_flags, 0, 8);
	g.p.sizes[SIZE_mem_section] = 16;
	g.p.sizes[SIZE_nodemask_t] = 8;
	g.p.sizes[SIZE_page] = PAGE_SIZE_OF;
	zone = fake_object(&g);
	section = fake_object(&g);
	usage = fake_object(&g);
	gva_t roots = fake_object(&g);
	pages = fake_alloc(&g, PAGES * PAGE_SIZE_OF, 64);
	g.k.vmemmap = pages;
	fake_variable(&g, S_mem_section, roots.v);
	fake_u64(&g, roots, section.v);
	fake_set(&g, section, F_mem_section_map, 4);
	fake_set(&g, section, F_mem_section_usage, usage.v);
	fake_set(&g, usage, F_mem_section_usage_subsections, 0xf);
	fake_u64(&g, kfield_at(&g.k, usage, F_mem_section_usage_flags), 0x2110);
	fake_set(&g, zone, F_zone_spanned_pages, PAGES);
	for (unsigned i = 0; i < BLOCKS; i++)
		set_page(i, NODE, ZONE);
}

static void check_counts(uint64_t unmovable, uint64_t movable, uint64_t reclaimable)
{
	struct pageblock_counts c;

	CHECK_OK(pageblock_count(&g.k, zone, NODE, ZONE, &c));
	CU_ASSERT_EQUAL(c.of_type[0], unmovable);
	CU_ASSERT_EQUAL(c.of_type[1], movable);
	CU_ASSERT_EQUAL(c.of_type[2], reclaimable);
}

TEST(pageblock, counts_blocks_by_kind)
{
	set_up();
	check_counts(1, 2, 1);
}

TEST(pageblock, takes_eight_bits_where_isolation_has_its_own)
{
	struct pageblock_counts c;

	set_up();
	fake_enumerator(&g, E_PB_migrate_isolate, 4);
	fake_enumerator(&g, E_MIGRATE_ISOLATE, 5);
	fake_u64(&g, kfield_at(&g.k, usage, F_mem_section_usage_flags), 0x12010100);
	CHECK_OK(pageblock_count(&g.k, zone, NODE, ZONE, &c));
	CU_ASSERT_EQUAL(c.of_type[0], 1);
	CU_ASSERT_EQUAL(c.of_type[1], 2);
	CU_ASSERT_EQUAL(c.of_type[2], 0);
	CU_ASSERT_EQUAL(c.of_type[5], 1);
}

TEST(pageblock, leaves_out_what_is_another_zones_or_no_memory)
{
	set_up();
	set_page(0, NODE, ZONE + 1);
	set_page(1, NODE + 1, ZONE);
	check_counts(0, 1, 1);
	fake_set(&g, usage, F_mem_section_usage_subsections, 0x7);
	check_counts(0, 1, 0);
	fake_set(&g, section, F_mem_section_map, 0);
	check_counts(0, 0, 0);
}

TEST(pageblock, refuses_a_zone_without_end)
{
	struct pageblock_counts c;

	set_up();
	fake_set(&g, zone, F_zone_spanned_pages, UINT64_C(1) << 50);
	CHECK_ERR(pageblock_count(&g.k, zone, NODE, ZONE, &c), ERR_RACE);
	set_up();
	fake_set(&g, section, F_mem_section_usage, 8);
	CHECK_ERR(pageblock_count(&g.k, zone, NODE, ZONE, &c), ERR_FAULT);
}
