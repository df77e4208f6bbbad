/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/maple.h"

#define LEAF   (1 << 3)
#define RANGE  (2 << 3)
#define ARANGE (3 << 3)
#define ROOT   2

static struct fake_guest g;
static gva_t tree;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_maple_tree_root, 8, 8);
	fake_field(&g, F_maple_range_pivot, 8, 120);
	fake_field(&g, F_maple_range_slot, 128, 128);
	fake_field(&g, F_maple_arange_pivot, 8, 72);
	fake_field(&g, F_maple_arange_slot, 80, 80);
	tree = fake_alloc(&g, 16, 64);
}

static void put(gva_t node, enum field_id array, unsigned i, uint64_t v)
{
	fake_u64(&g, gva_add(kfield_at(&g.k, node, array), 8 * i), v);
}

/* A leaf of up to four slots: entry @entries[i] up to index @pivots[i]. */
static gva_t leaf(const uint64_t *pivots, const uint64_t *entries, unsigned count)
{
	gva_t node = fake_alloc(&g, 256, 256);

	for (unsigned i = 0; i < count; i++) {
		put(node, F_maple_range_pivot, i, pivots[i]);
		put(node, F_maple_range_slot, i, entries[i]);
	}
	return node;
}

static void set_root(gva_t node, unsigned type)
{
	fake_set(&g, tree, F_maple_tree_root, node.v | type | ROOT);
}

static void check_next(uint64_t index, uint64_t first, uint64_t last, uint64_t entry)
{
	struct maple_range r;

	CHECK_OK(maple_next(&g.k, tree, index, &r));
	CU_ASSERT_EQUAL(r.entry, entry);
	if (entry) {
		CU_ASSERT_EQUAL(r.first, first);
		CU_ASSERT_EQUAL(r.last, last);
	}
}

TEST(maple, finds_ranges_in_a_leaf)
{
	static const uint64_t pivots[] = {0xfff, 0x1fff, 0x4fff, 0};
	static const uint64_t entries[] = {0, 0xa000, 0, 0xb000};

	set_up();
	set_root(leaf(pivots, entries, 4), LEAF);
	check_next(0, 0x1000, 0x1fff, 0xa000);
	check_next(0x1fff, 0x1000, 0x1fff, 0xa000);
	/* a pivot of 0 is the end of the node */
	check_next(0x2000, 0x5000, UINT64_MAX, 0xb000);
	check_next(UINT64_MAX, 0x5000, UINT64_MAX, 0xb000);
}

TEST(maple, goes_on_in_later_leaves)
{
	static const uint64_t first[] = {0xff, 0x1ff}, first_entries[] = {0xa000, 0};
	static const uint64_t empty[] = {0x2ff}, none[] = {0};
	static const uint64_t last[] = {0x3ff, 0}, last_entries[] = {0xc000, 0};

	for (unsigned type = RANGE; type <= ARANGE; type += RANGE ^ ARANGE) {
		enum field_id pivot = type == RANGE ? F_maple_range_pivot : F_maple_arange_pivot;
		enum field_id slot = type == RANGE ? F_maple_range_slot : F_maple_arange_slot;

		set_up();
		gva_t top = fake_alloc(&g, 256, 256);
		put(top, slot, 0, leaf(first, first_entries, 2).v | LEAF);
		put(top, slot, 1, leaf(empty, none, 1).v | LEAF);
		put(top, slot, 2, leaf(last, last_entries, 2).v | LEAF);
		put(top, pivot, 0, 0x1ff);
		put(top, pivot, 1, 0x2ff);
		set_root(top, type);
		check_next(0x80, 0, 0xff, 0xa000);
		check_next(0x100, 0x300, 0x3ff, 0xc000);
		check_next(0x400, 0, 0, 0);
	}
}

TEST(maple, knows_a_root_that_is_an_entry)
{
	set_up();
	check_next(0, 0, 0, 0);
	fake_set(&g, tree, F_maple_tree_root, 0xa000);
	check_next(0, 0, 0, 0xa000);
	check_next(1, 0, 0, 0);
}

TEST(maple, passes_over_entries_of_the_trees_own)
{
	static const uint64_t pivots[] = {0xff, 0x1ff, 0}, entries[] = {0x406, 0xa000, 0};

	set_up();
	set_root(leaf(pivots, entries, 3), LEAF);
	check_next(0, 0x100, 0x1ff, 0xa000);
}

TEST(maple, notices_a_node_that_was_freed)
{
	static const uint64_t pivots[] = {0xff}, entries[] = {0xa000};
	struct maple_range r;

	set_up();
	gva_t node = leaf(pivots, entries, 1);
	fake_u64(&g, node, node.v);
	set_root(node, LEAF);
	CHECK_ERR(maple_next(&g.k, tree, 0, &r), ERR_RACE);
}

TEST(maple, refuses_nodes_that_cannot_be)
{
	static const uint64_t unsorted[] = {0x1ff, 0xff, 0}, entries[] = {0, 0, 0xa000};
	struct maple_range r;

	set_up();
	set_root(leaf(unsorted, entries, 3), 0); /* a dense node */
	CHECK_ERR(maple_next(&g.k, tree, 0, &r), ERR_RACE);
	set_root(leaf(unsorted, entries, 3), LEAF);
	CHECK_ERR(maple_next(&g.k, tree, 0, &r), ERR_RACE);
	set_root(leaf(unsorted, entries, 0), RANGE); /* leads to 0 */
	CHECK_ERR(maple_next(&g.k, tree, 0, &r), ERR_RACE);
}

TEST(maple, ends_on_a_tree_that_contains_itself)
{
	struct maple_range r;

	set_up();
	gva_t top = fake_alloc(&g, 256, 256);
	put(top, F_maple_range_slot, 0, top.v | RANGE);
	set_root(top, RANGE);
	CHECK_ERR(maple_next(&g.k, tree, 0, &r), ERR_RACE);
}

/* A guest makes them cheaply, as they may all be one leaf; an entry follows. */
TEST(maple, ends_on_empty_leaves_in_a_row)
{
	struct maple_range r;

	set_up();
	gva_t empty = fake_alloc(&g, 256, 256), top = fake_alloc(&g, 256, 256);
	put(empty, F_maple_range_pivot, 0, UINT64_MAX);
	for (unsigned i = 0; i < 16; i++) {
		gva_t middle = fake_alloc(&g, 256, 256);

		for (unsigned j = 0; j < 16; j++) {
			if (j < 15)
				put(middle, F_maple_range_pivot, j, 16 * i + j);
			put(middle, F_maple_range_slot, j, empty.v | LEAF);
		}
		if (i < 15)
			put(top, F_maple_range_pivot, i, 16 * i + 15);
		put(top, F_maple_range_slot, i, middle.v | RANGE);
	}
	set_root(top, RANGE);
	CHECK_ERR(maple_next(&g.k, tree, 0, &r), ERR_RACE);
	CHECK_OK(maple_next(&g.k, tree, 240, &r));
	CU_ASSERT_EQUAL(r.entry, 0);
}
