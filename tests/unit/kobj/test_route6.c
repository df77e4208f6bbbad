/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/route6.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

enum { HAS_ROUTES = 4 };

static struct fake_guest g;
static struct route6_iter it;
static gva_t net, lists, table, root, none;

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_net_fib6_tables, 0, 8},          {F_net_fib6_none, 8, 8},
	{F_fib6_table_list, 0, 16},         {F_fib6_table_id, 16, 4},
	{F_fib6_table_root, 24, 40},        {F_fib6_node_left, 0, 8},
	{F_fib6_node_right, 8, 8},          {F_fib6_node_leaf, 16, 8},
	{F_fib6_node_flags, 24, 2},         {F_fib6_info_next, 0, 8},
	{F_fib6_info_flags, 8, 4},          {F_fib6_info_metric, 12, 4},
	{F_fib6_info_sibling_count, 16, 4}, {F_fib6_info_type, 20, 1},
	{F_fib6_info_protocol, 21, 1},      {F_fib6_info_dst_len, 22, 1},
	{F_fib6_info_prefsrc_len, 23, 1},   {F_fib6_info_dst, 24, 16},
	{F_fib6_info_prefsrc, 40, 16},      {F_fib6_info_expires, 56, 8},
	{F_fib6_info_nexthop, 64, 8},       {F_fib6_info_metrics, 72, 8},
};

static void set_up(void)
{
	fake_guest_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, members[i].size);
	net = fake_alloc(&g, 64, 8);
	lists = fake_alloc(&g, 256 * 8, 8);
	table = fake_alloc(&g, 64, 8);
	none = fake_alloc(&g, 128, 8);
	root = gva_add(table, 24);
	fake_set(&g, net, F_net_fib6_tables, lists.v);
	fake_set(&g, net, F_net_fib6_none, none.v);
	fake_set(&g, table, F_fib6_table_id, 254);
	fake_u64(&g, gva_add(lists, 8 * 254), table.v);
	fake_set(&g, root, F_fib6_node_flags, HAS_ROUTES);
	fake_set(&g, root, F_fib6_node_leaf, none.v);
}

/* A node with one route of @metric. */
static gva_t node_new(unsigned metric)
{
	gva_t node = fake_alloc(&g, 64, 8), route = fake_alloc(&g, 128, 8);

	fake_set(&g, node, F_fib6_node_flags, HAS_ROUTES);
	fake_set(&g, node, F_fib6_node_leaf, route.v);
	fake_set(&g, route, F_fib6_info_metric, metric);
	return node;
}

static void expect(unsigned metric)
{
	struct route6 r = {0};

	CHECK_OK(route6_iter_next(&it, &g.k, &r));
	CU_ASSERT_EQUAL(gva_is_null(r.at), metric == 0);
	if (metric) {
		CU_ASSERT_EQUAL(r.metric, metric);
		CU_ASSERT_EQUAL(r.table, 254);
	}
}

TEST(route6, left_comes_before_right_before_the_node)
{
	gva_t left, leaf;

	set_up();
	left = node_new(3);
	fake_set(&g, root, F_fib6_node_left, left.v);
	leaf = node_new(1);
	fake_set(&g, left, F_fib6_node_left, leaf.v);
	leaf = node_new(2);
	fake_set(&g, left, F_fib6_node_right, leaf.v);
	leaf = node_new(4);
	fake_set(&g, root, F_fib6_node_right, leaf.v);
	CHECK_OK(route6_iter_init(&it, &g.k, net));
	for (unsigned metric = 1; metric <= 4; metric++)
		expect(metric);
	expect(0); /* the one that stands for none is not told */
}

TEST(route6, a_tree_in_itself_ends_in_race)
{
	struct route6 r;

	set_up();
	fake_set(&g, root, F_fib6_node_left, root.v);
	CHECK_OK(route6_iter_init(&it, &g.k, net));
	CHECK_ERR(route6_iter_next(&it, &g.k, &r), ERR_RACE);
}

TEST(route6, each_also_tells_what_stands_for_none_and_siblings)
{
	gva_t left, first, second;
	struct route6 r;

	set_up();
	left = node_new(1);
	second = fake_alloc(&g, 128, 8);
	fake_set(&g, second, F_fib6_info_metric, 2);
	CHECK_OK(kfield_ptr(&g.k, left, F_fib6_node_leaf, &first));
	fake_set(&g, first, F_fib6_info_next, second.v);
	fake_set(&g, first, F_fib6_info_sibling_count, 1);
	fake_set(&g, root, F_fib6_node_left, left.v);
	CHECK_OK(route6_iter_init(&it, &g.k, net));
	expect(1);
	expect(0);
	CHECK_OK(route6_iter_init(&it, &g.k, net));
	it.each = true;
	expect(1);
	expect(2);
	CHECK_OK(route6_iter_next(&it, &g.k, &r));
	CU_ASSERT_EQUAL(r.at.v, none.v);
	expect(0);
}

TEST(route6, routes_by_source_come_first)
{
	gva_t by_source, left;

	set_up();
	fake_field(&g, F_fib6_node_subtree, 32, 8);
	by_source = node_new(1);
	left = node_new(2);
	fake_set(&g, root, F_fib6_node_subtree, by_source.v);
	fake_set(&g, root, F_fib6_node_left, left.v);
	CHECK_OK(route6_iter_init(&it, &g.k, net));
	expect(1);
	expect(2);
	expect(0);
}
