/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/irq.h"

static struct fake_guest g;
static gva_t desc, counts, node;

/* Lines 3 and 40, in a radix tree of one node. */
static void set_up(void)
{
	fake_guest_init(&g);
	g.k.cpu_count = 2;
	g.k.percpu_base[1] = 64;
	fake_field(&g, F_xarray_head, 8, 8);
	fake_field(&g, F_xa_node_shift, 0, 1);
	fake_field(&g, F_xa_node_slots, 24, 512);
	fake_field(&g, F_irq_desc_kstat_irqs, 0, 8);
	fake_field(&g, F_irq_desc_tot_count, 8, 4);
	fake_field(&g, F_irq_desc_status, 12, 4);
	fake_field(&g, F_irq_desc_istate, 16, 4);
	desc = fake_alloc(&g, 64, 64);
	counts = fake_alloc(&g, 256, 64);
	node = fake_alloc(&g, 544, 64);
	fake_set(&g, desc, F_irq_desc_kstat_irqs, counts.v);
	fake_set(&g, desc, F_irq_desc_tot_count, 1000);
	fake_u32(&g, counts, 30);
	fake_u32(&g, gva_add(counts, 64), 12);
	fake_u64(&g, gva_add(node, 24 + 8 * 3), desc.v);
	fake_u64(&g, gva_add(node, 24 + 8 * 40), desc.v);
	fake_u64(&g, gva_add(fake_symbol(&g, S_irq_desc_tree, 16), 8), node.v | 2);
	fake_variable(&g, S_nr_irqs, 56);
}

TEST(irq, walks_the_lines_in_use)
{
	uint32_t irq = 0, lines;
	gva_t found;

	set_up();
	CHECK_OK(irq_lines(&g.k, &lines));
	CU_ASSERT_EQUAL(lines, 56);
	CHECK_OK(irq_next(&g.k, &irq, &found));
	CU_ASSERT_EQUAL(irq, 3);
	CU_ASSERT_EQUAL(found.v, desc.v);
	irq = 4;
	CHECK_OK(irq_next(&g.k, &irq, &found));
	CU_ASSERT_EQUAL(irq, 40);
	irq = 41;
	CHECK_OK(irq_next(&g.k, &irq, &found));
	CU_ASSERT(gva_is_null(found));
}

TEST(irq, walks_the_lines_of_a_maple_tree_too)
{
	uint32_t irq = 4;
	gva_t found;

	set_up();
	g.p.has_symbol[S_irq_desc_tree] = false;
	fake_field(&g, F_maple_tree_root, 8, 8);
	fake_field(&g, F_maple_range_pivot, 8, 120);
	fake_field(&g, F_maple_range_slot, 128, 128);
	gva_t leaf = fake_alloc(&g, 256, 256);
	fake_u64(&g, gva_add(leaf, 8), 8); /* nothing up to line 8 */
	fake_u64(&g, gva_add(leaf, 8 + 8), 9);
	fake_u64(&g, gva_add(leaf, 128 + 8), desc.v);
	fake_u64(&g, gva_add(fake_symbol(&g, S_sparse_irqs, 16), 8), leaf.v | 1 << 3 | 2);
	CHECK_OK(irq_next(&g.k, &irq, &found));
	CU_ASSERT_EQUAL(irq, 9);
	CU_ASSERT_EQUAL(found.v, desc.v);
	irq = 10;
	CHECK_OK(irq_next(&g.k, &irq, &found));
	CU_ASSERT(gva_is_null(found));
}

TEST(irq, takes_the_sum_that_the_kernel_keeps)
{
	uint32_t count;

	set_up();
	CHECK_OK(irq_count(&g.k, desc, &count));
	CU_ASSERT_EQUAL(count, 1000);
}

TEST(irq, adds_up_lines_that_each_cpu_counts)
{
	static const struct {
		enum field_id id;
		uint32_t bits;
	} kinds[] = {{F_irq_desc_status, 1u << 9},
		     {F_irq_desc_status, 1u << 17},
		     {F_irq_desc_istate, 0x2000}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		uint32_t count;

		set_up();
		fake_set(&g, desc, kinds[i].id, kinds[i].bits);
		CHECK_OK(irq_count(&g.k, desc, &count));
		CU_ASSERT_EQUAL(count, 42);
	}
}

TEST(irq, counts_nothing_for_a_line_without_counters)
{
	uint32_t count;

	set_up();
	fake_set(&g, desc, F_irq_desc_kstat_irqs, 0);
	CHECK_OK(irq_count(&g.k, desc, &count));
	CU_ASSERT_EQUAL(count, 0);
}

TEST(irq, refuses_too_many_lines)
{
	uint32_t lines;

	set_up();
	fake_variable(&g, S_nr_irqs, IRQ_COUNT_MAX + 1);
	CHECK_ERR(irq_lines(&g.k, &lines), ERR_FAULT);
}
