/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/list.h"
#include "transcall/kobj/rbtree.h"

static struct fake_guest g;

enum { NODES = 31, CHAIN = RBTREE_DEPTH_MAX + 8 };
static gva_t node[CHAIN];

static void set_up(unsigned count)
{
	fake_guest_init(&g);
	fake_field(&g, F_rb_node_right, 8, 8);
	fake_field(&g, F_rb_node_left, 16, 8);
	for (unsigned i = 0; i < count; i++)
		node[i] = fake_alloc(&g, 24, 8);
}

static void link_node(unsigned at, gva_t left, gva_t right)
{
	fake_set(&g, node[at], F_rb_node_left, left.v);
	fake_set(&g, node[at], F_rb_node_right, right.v);
}

/* A balanced tree over node[low..high); its root. */
static gva_t build(unsigned low, unsigned high)
{
	unsigned middle = (low + high) / 2;

	if (low == high)
		return gva(0);
	link_node(middle, build(low, middle), build(middle + 1, high));
	return node[middle];
}

static const struct err *walk(gva_t root, unsigned limit, unsigned *ret)
{
	struct rbtree_iter it;
	gva_t at;

	*ret = 0;
	TRY(rbtree_init(&it, &g.k, root));
	for (; *ret < limit; ++*ret) {
		TRY(rbtree_next(&it, &g.k, &at));
		if (gva_is_null(at))
			return NULL;
	}
	return NULL;
}

TEST(rbtree, is_walked_in_order)
{
	struct rbtree_iter it;
	gva_t at;

	set_up(NODES);
	CHECK_OK(rbtree_init(&it, &g.k, build(0, NODES)));
	for (unsigned i = 0; i < NODES; i++) {
		CHECK_OK(rbtree_next(&it, &g.k, &at));
		CU_ASSERT_EQUAL(at.v, node[i].v);
	}
	CHECK_OK(rbtree_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(rbtree, may_be_empty)
{
	unsigned count;

	set_up(0);
	CHECK_OK(walk(gva(0), NODES, &count));
	CU_ASSERT_EQUAL(count, 0);
}

TEST(rbtree, that_leans_left_without_end_is_a_race)
{
	unsigned count;

	set_up(CHAIN);
	for (unsigned i = 0; i + 1 < CHAIN; i++)
		link_node(i, node[i + 1], gva(0));
	CHECK_ERR(walk(node[0], CHAIN, &count), ERR_RACE);
	/* as deep as may be is no error */
	link_node(RBTREE_DEPTH_MAX - 1, gva(0), gva(0));
	CHECK_OK(walk(node[0], CHAIN, &count));
	CU_ASSERT_EQUAL(count, RBTREE_DEPTH_MAX);
}

TEST(rbtree, whose_node_is_its_own_left_child_is_a_race)
{
	unsigned count;

	set_up(1);
	link_node(0, node[0], gva(0));
	CHECK_ERR(walk(node[0], NODES, &count), ERR_RACE);
}

TEST(rbtree, whose_node_is_its_own_right_child_is_a_race)
{
	unsigned count;

	set_up(1);
	link_node(0, gva(0), node[0]);
	CHECK_ERR(walk(node[0], UINT32_MAX, &count), ERR_RACE);
	CU_ASSERT_TRUE(count > NODES); /* only the bound ends it */
}

TEST(rbtree, with_a_child_that_is_not_mapped_is_a_fault)
{
	unsigned count;

	set_up(2);
	link_node(0, gva(0), gva(24));
	CHECK_ERR(walk(node[0], NODES, &count), ERR_FAULT);
	link_node(1, gva(24), gva(0));
	CHECK_ERR(walk(node[1], NODES, &count), ERR_FAULT);
}

TEST(rbtree, goes_on_beside_a_node_that_is_not_mapped)
{
	struct rbtree_iter it;
	gva_t at;

	set_up(3);
	link_node(0, gva(0), gva(24)); /* below node 1, left */
	link_node(1, node[0], node[2]);
	CHECK_OK(rbtree_init(&it, &g.k, node[1]));
	CHECK_ERR(rbtree_next(&it, &g.k, &at), ERR_FAULT);
	CHECK_OK(rbtree_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, node[1].v);
	CHECK_OK(rbtree_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, node[2].v);
	CHECK_OK(rbtree_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(rbtree, that_loops_ends_after_the_error)
{
	struct rbtree_iter it;
	gva_t at;

	set_up(1);
	link_node(0, gva(0), node[0]);
	CHECK_OK(rbtree_init(&it, &g.k, node[0]));
	it.steps = LIST_MAX;
	CHECK_ERR(rbtree_next(&it, &g.k, &at), ERR_RACE);
	CHECK_OK(rbtree_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}
