/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/fibtrie.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

enum { HEAD_BYTES = 8, NODE_BYTES = 128 };

static struct fake_guest g;
static struct fibtrie_iter it;
static gva_t trie;

/* The key_vector of a node lies behind what only inner nodes have (struct tnode). */
static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_key_vector_key, 0, 4);
	fake_field(&g, F_key_vector_pos, 4, 1);
	fake_field(&g, F_key_vector_bits, 5, 1);
	fake_field(&g, F_key_vector_leaf, 8, 8);
	fake_field(&g, F_tnode_empty_children, 0, 4);
	fake_field(&g, F_tnode_full_children, 4, 4);
	fake_field(&g, F_tnode_kv, HEAD_BYTES, 16);
	trie = fake_alloc(&g, 64, 8);
}

static gva_t node_new(uint32_t key, unsigned bits)
{
	gva_t node = gva_add(fake_alloc(&g, NODE_BYTES, 8), HEAD_BYTES);

	fake_set(&g, node, F_key_vector_key, key);
	fake_set(&g, node, F_key_vector_bits, bits);
	return node;
}

static void child_set(gva_t node, unsigned index, gva_t child)
{
	fake_u64(&g, gva_add(node, 8 + 8 * index), child.v);
}

static void expect(uint32_t key, unsigned bits, unsigned depth)
{
	struct fibtrie_node n;

	CHECK_OK(fibtrie_next(&it, &g.k, &n));
	CU_ASSERT_FALSE(gva_is_null(n.at));
	CU_ASSERT_EQUAL(n.key, key);
	CU_ASSERT_EQUAL(n.bits, bits);
	CU_ASSERT_EQUAL(n.depth, depth);
}

static void expect_end(void)
{
	struct fibtrie_node n;

	CHECK_OK(fibtrie_next(&it, &g.k, &n));
	CU_ASSERT_TRUE(gva_is_null(n.at));
}

TEST(fibtrie, nodes_come_before_their_children)
{
	gva_t root, inner;

	set_up();
	root = node_new(1, 2);
	inner = node_new(2, 1);
	child_set(trie, 0, root);
	child_set(root, 1, inner);
	child_set(root, 3, node_new(5, 0));
	child_set(inner, 0, node_new(3, 0));
	child_set(inner, 1, node_new(4, 0));
	CHECK_OK(fibtrie_init(&it, &g.k, trie));
	expect(1, 2, 0);
	expect(2, 1, 1);
	expect(3, 0, 2);
	expect(4, 0, 2);
	expect(5, 0, 1);
	expect_end();
}

TEST(fibtrie, one_leaf_or_none)
{
	set_up();
	CHECK_OK(fibtrie_init(&it, &g.k, gva(0)));
	expect_end();
	CHECK_OK(fibtrie_init(&it, &g.k, trie));
	expect_end();
	child_set(trie, 0, node_new(7, 0));
	CHECK_OK(fibtrie_init(&it, &g.k, trie));
	expect(7, 0, 0);
	expect_end();
}

TEST(fibtrie, children_are_counted_in_front_of_the_node)
{
	struct fibtrie_node n = {.at = gva(0)};
	uint32_t full, empty;

	set_up();
	n.at = node_new(1, 2);
	fake_u32(&g, gva_add(n.at, -(uint64_t)HEAD_BYTES), 3);
	fake_u32(&g, gva_add(n.at, 4 - (uint64_t)HEAD_BYTES), 1);
	CHECK_OK(fibtrie_children(&g.k, &n, &full, &empty));
	CU_ASSERT_EQUAL(full, 1);
	CU_ASSERT_EQUAL(empty, 3);
}

TEST(fibtrie, lookups_are_summed_over_cpus)
{
	static const enum field_id ids[FIBTRIE_USES] = {
		F_trie_use_stats_gets,          F_trie_use_stats_backtrack,
		F_trie_use_stats_match_passed,  F_trie_use_stats_match_miss,
		F_trie_use_stats_null_node_hit, F_trie_use_stats_resize_node_skipped};
	uint32_t uses[FIBTRIE_USES];

	set_up();
	CHECK_ERR(fibtrie_uses(&g.k, trie, uses), ERR_ABSENT);
	fake_field(&g, F_trie_stats, 16, 8);
	fake_u64(&g, gva_add(trie, 16), 4096);
	for (unsigned i = 0; i < FIBTRIE_USES; i++)
		fake_field(&g, ids[i], 4 * i, 4);
	g.k.cpu_count = 2;
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		gva_t part = fake_alloc(&g, 64, 8);

		g.k.percpu_base[cpu] = part.v - 4096;
		fake_u32(&g, gva_add(part, 20), 3 + cpu);
	}
	CHECK_OK(fibtrie_uses(&g.k, trie, uses));
	CU_ASSERT_EQUAL(uses[0], 0);
	CU_ASSERT_EQUAL(uses[5], 7);
}

TEST(fibtrie, a_tree_in_itself_ends_in_race)
{
	const struct err *e = NULL;
	struct fibtrie_node n;
	gva_t root;

	set_up();
	root = node_new(1, 1);
	child_set(trie, 0, root);
	child_set(root, 0, root);
	CHECK_OK(fibtrie_init(&it, &g.k, trie));
	for (unsigned i = 0; i < 2 * FIBTRIE_DEPTH_MAX && !e; i++)
		e = fibtrie_next(&it, &g.k, &n);
	CHECK_ERR(e, ERR_RACE);
}
