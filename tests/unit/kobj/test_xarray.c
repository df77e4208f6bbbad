/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/xarray.h"

static struct fake_guest g;

enum { SLOTS = 64, NODE_BYTES = 40 + 8 * SLOTS };

static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_xa_node_shift, 0, 1);
	fake_field(&g, F_xa_node_slots, 40, 8 * SLOTS);
}

static gva_t new_node(unsigned shift)
{
	gva_t node = fake_alloc(&g, NODE_BYTES, 64);

	fake_set(&g, node, F_xa_node_shift, shift);
	return node;
}

static void set_slot(gva_t node, unsigned slot, uint64_t v)
{
	fake_u64(&g, gva_add(node, 40 + 8 * (uint64_t)slot), v);
}

static uint64_t entry_of(gva_t node)
{
	return node.v + 2; /* xa_mk_node() */
}

/* An entry that is a pointer. */
static uint64_t item(unsigned number)
{
	return FAKE_BASE + 0x100 * (uint64_t)number;
}

/* Two levels: entries at 3, 63, 64, 130 and 4095. */
static uint64_t small_array(void)
{
	gva_t top = new_node(6), first = new_node(0), second = new_node(0), third = new_node(0),
	      last = new_node(0);

	set_slot(top, 0, entry_of(first));
	set_slot(top, 1, entry_of(second));
	set_slot(top, 2, entry_of(third));
	set_slot(top, 63, entry_of(last));
	set_slot(first, 3, item(3));
	set_slot(first, 63, item(63));
	set_slot(second, 0, item(64));
	set_slot(third, 2, item(130));
	set_slot(last, 63, item(4095));
	return entry_of(top);
}

TEST(xarray, finds_each_entry_in_order)
{
	static const unsigned at[] = {3, 63, 64, 130, 4095};
	uint64_t head, index = 0, entry;

	set_up();
	head = small_array();
	for (unsigned i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		CHECK_OK(xarray_next(&g.k, head, &index, &entry));
		CU_ASSERT_EQUAL(index, at[i]);
		CU_ASSERT_EQUAL(entry, item(at[i]));
		index++;
	}
	CHECK_OK(xarray_next(&g.k, head, &index, &entry));
	CU_ASSERT_EQUAL(entry, 0);
}

TEST(xarray, finds_what_is_at_an_index_and_nothing_beside_it)
{
	uint64_t head, entry;

	set_up();
	head = small_array();
	CHECK_OK(xarray_load(&g.k, head, 130, &entry));
	CU_ASSERT_EQUAL(entry, item(130));
	CHECK_OK(xarray_load(&g.k, head, 129, &entry));
	CU_ASSERT_EQUAL(entry, 0);
	CHECK_OK(xarray_load(&g.k, head, 4096, &entry)); /* above all that the top covers */
	CU_ASSERT_EQUAL(entry, 0);
	CHECK_OK(xarray_load(&g.k, head, UINT64_MAX, &entry));
	CU_ASSERT_EQUAL(entry, 0);
}

TEST(xarray, of_one_entry_has_no_node)
{
	uint64_t index = 0, entry;

	set_up();
	CHECK_OK(xarray_next(&g.k, item(1), &index, &entry));
	CU_ASSERT_EQUAL(entry, item(1));
	CU_ASSERT_EQUAL(index, 0);
	index = 1;
	CHECK_OK(xarray_next(&g.k, item(1), &index, &entry));
	CU_ASSERT_EQUAL(entry, 0);
	index = 0;
	CHECK_OK(xarray_next(&g.k, 0, &index, &entry));
	CU_ASSERT_EQUAL(entry, 0);
}

TEST(xarray, an_entry_of_several_indices_is_loaded_at_each)
{
	gva_t top;
	uint64_t entry;

	set_up();
	top = new_node(0);
	set_slot(top, 4, item(4));
	for (unsigned i = 5; i < 8; i++)
		set_slot(top, i, 4 << 2 | 2); /* xa_mk_sibling(4) */
	for (unsigned i = 4; i < 8; i++) {
		CHECK_OK(xarray_load(&g.k, entry_of(top), i, &entry));
		CU_ASSERT_EQUAL(entry, item(4));
	}
	CHECK_OK(xarray_load(&g.k, entry_of(top), 8, &entry));
	CU_ASSERT_EQUAL(entry, 0);
}

TEST(xarray, an_error_tells_what_it_loses)
{
	gva_t top, middle;
	uint64_t entry, index = 0;

	set_up();
	top = new_node(12);
	middle = new_node(6);
	set_slot(top, 0, entry_of(middle));
	set_slot(top, 1, FAKE_BASE + FAKE_BYTES + 2); /* not mapped */
	set_slot(top, 2, entry_of(top));              /* does not narrow */
	set_slot(middle, 3, entry_of(middle));
	CHECK_ERR(xarray_next(&g.k, entry_of(top), &index, &entry), ERR_RACE);
	CU_ASSERT_EQUAL(index, 4 * 64 - 1);
	index++;
	CHECK_ERR(xarray_next(&g.k, entry_of(top), &index, &entry), ERR_FAULT);
	CU_ASSERT_EQUAL(index, 2 * 4096 - 1);
	index++;
	CHECK_ERR(xarray_next(&g.k, entry_of(top), &index, &entry), ERR_RACE);
	CU_ASSERT_EQUAL(index, 3 * 4096 - 1);
	index++;
	CHECK_OK(xarray_next(&g.k, entry_of(top), &index, &entry));
	CU_ASSERT_EQUAL(entry, 0);
	index = 0;
	CHECK_ERR(xarray_next(&g.k, FAKE_BASE + FAKE_BYTES + 2, &index, &entry), ERR_FAULT);
	CU_ASSERT_EQUAL(index, UINT64_MAX);
}

TEST(xarray, retry_and_reserved_entries_hold_nothing)
{
	gva_t top;
	uint64_t entry, index = 0;

	set_up();
	top = new_node(0);
	set_slot(top, 1, 0x402); /* XA_RETRY_ENTRY */
	set_slot(top, 2, 0x406); /* XA_ZERO_ENTRY */
	set_slot(top, 3, item(3));
	CHECK_OK(xarray_next(&g.k, entry_of(top), &index, &entry));
	CU_ASSERT_EQUAL(index, 3);
}

TEST(xarray, a_node_within_itself_is_a_race)
{
	gva_t top;
	uint64_t entry, index = 0;

	set_up();
	top = new_node(6);
	set_slot(top, 0, entry_of(top));
	CHECK_ERR(xarray_next(&g.k, entry_of(top), &index, &entry), ERR_RACE);
	CHECK_ERR(xarray_load(&g.k, entry_of(top), 0, &entry), ERR_RACE);
}

TEST(xarray, nodes_must_narrow)
{
	gva_t top, below;
	uint64_t entry, index = 0;

	set_up();
	top = new_node(6);
	below = new_node(12);
	set_slot(top, 0, entry_of(below));
	set_slot(below, 0, entry_of(top));
	CHECK_ERR(xarray_next(&g.k, entry_of(top), &index, &entry), ERR_RACE);
	CHECK_ERR(xarray_load(&g.k, entry_of(top), 0, &entry), ERR_RACE);
}

TEST(xarray, shifts_that_no_node_has_are_a_race)
{
	static const unsigned shifts[] = {1, 7, 61, 66, 255};
	uint64_t entry, index;

	set_up();
	for (unsigned i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++) {
		gva_t top = new_node(shifts[i]);

		index = 0;
		CHECK_ERR(xarray_next(&g.k, entry_of(top), &index, &entry), ERR_RACE);
	}
}

TEST(xarray, as_high_as_may_be_is_walked)
{
	gva_t top, at;
	uint64_t index = 0, entry;

	set_up();
	top = at = new_node(60);
	for (unsigned shift = 54;; shift -= 6) {
		gva_t below = new_node(shift);

		set_slot(at, 15, entry_of(below));
		at = below;
		if (shift == 0)
			break;
	}
	set_slot(at, 15, item(1));
	CHECK_OK(xarray_next(&g.k, entry_of(top), &index, &entry));
	CU_ASSERT_EQUAL(entry, item(1));
	CHECK_OK(xarray_load(&g.k, entry_of(top), index, &entry));
	CU_ASSERT_EQUAL(entry, item(1));
}

/* A hostile array of empty nodes would cost a walk of 2^58 steps. */
TEST(xarray, of_shared_empty_nodes_ends)
{
	gva_t empty, level;
	uint64_t index = 0, entry = 1;

	set_up();
	empty = new_node(0);
	level = empty;
	for (unsigned shift = 6; shift <= 60; shift += 6) {
		gva_t above = new_node(shift);

		for (unsigned i = 0; i < SLOTS; i++)
			set_slot(above, i, entry_of(level));
		level = above;
	}
	CHECK_ERR(xarray_next(&g.k, entry_of(level), &index, &entry), ERR_RACE);
}

TEST(xarray, a_node_that_is_not_mapped_is_a_fault)
{
	uint64_t index = 0, entry;

	set_up();
	CHECK_ERR(xarray_next(&g.k, UINT64_C(0xffffc90000000002), &index, &entry), ERR_FAULT);
}
