/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/socket.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/route.h"

enum { NODE_BYTES = 256, CHILDREN = 16 };

static struct fake_guest g;
static gva_t net, trie;
static struct route_iter it;

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_net_fib_tables, 8, 8},       {F_fib_table_list, 0, 16},   {F_fib_table_id, 16, 4},
	{F_fib_table_data, 24, 8},      {F_key_vector_key, 0, 4},    {F_key_vector_bits, 5, 1},
	{F_key_vector_leaf, 8, 8},      {F_fib_alias_list, 0, 16},   {F_fib_alias_info, 16, 8},
	{F_fib_alias_type, 25, 1},      {F_fib_alias_tos, 24, 1},    {F_fib_alias_slen, 27, 1},
	{F_fib_alias_table, 28, 4},     {F_fib_info_priority, 0, 4}, {F_fib_info_metrics, 8, 8},
	{F_fib_info_nexthop, 16, 8},    {F_fib_info_hops, 32, 8},    {F_fib_nh_hop, 0, 64},
	{F_fib_hop_dev, 0, 8},          {F_fib_hop_gw_family, 8, 1}, {F_fib_hop_gw, 12, 4},
	{F_nexthop_is_group, 0, 1},     {F_nexthop_info, 8, 8},      {F_nh_info_hop, 16, 64},
	{F_dst_metrics_metrics, 0, 68}, {F_key_vector_pos, 4, 1},
};

static void set_up(void)
{
	gva_t lists, table;

	fake_guest_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, members[i].size);
	net = fake_alloc(&g, 64, 8);
	lists = fake_alloc(&g, 256 * 8, 8);
	table = fake_alloc(&g, 64, 8);
	trie = fake_alloc(&g, NODE_BYTES, 8);
	fake_set(&g, net, F_net_fib_tables, lists.v);
	fake_u64(&g, gva_add(lists, 8 * 254), table.v);
	fake_set(&g, table, F_fib_table_id, 254);
	fake_set(&g, table, F_fib_table_data, trie.v);
}

static gva_t node_new(uint32_t key, unsigned bits)
{
	gva_t node = fake_alloc(&g, NODE_BYTES, 8);

	fake_set(&g, node, F_key_vector_key, key);
	fake_set(&g, node, F_key_vector_bits, bits);
	return node;
}

static void child_set(gva_t node, unsigned index, gva_t child)
{
	fake_u64(&g, gva_add(node, 8 + 8 * index), child.v);
}

/* A route of the leaf @leaf, put before the ones it has. */
static gva_t alias_new(gva_t leaf, unsigned len, unsigned type, unsigned table)
{
	gva_t alias = fake_alloc(&g, 64, 8), first;

	CHECK_OK(kread_ptr(&g.k, gva_add(leaf, 8), &first));
	fake_u64(&g, alias, first.v);
	fake_u64(&g, gva_add(leaf, 8), alias.v);
	fake_set(&g, alias, F_fib_alias_slen, 32 - len);
	fake_set(&g, alias, F_fib_alias_type, type);
	fake_set(&g, alias, F_fib_alias_table, table);
	return alias;
}

static void expect(uint32_t prefix, unsigned len, unsigned type)
{
	struct route r;
	bool end;

	CHECK_OK(route_iter_next(&it, &g.k, &r, &end));
	CU_ASSERT_FALSE(end);
	CU_ASSERT_EQUAL(r.prefix, prefix);
	CU_ASSERT_EQUAL(r.prefix_len, len);
	CU_ASSERT_EQUAL(r.type, type);
}

static void expect_end(void)
{
	struct route r;
	bool end;

	CHECK_OK(route_iter_next(&it, &g.k, &r, &end));
	CU_ASSERT_TRUE(end);
}

TEST(route, leaves_come_in_the_order_of_their_prefixes)
{
	gva_t fork, low, high;

	set_up();
	fork = node_new(0, 2);
	low = node_new(0x0a000000, 0);
	high = node_new(0xc0a80100, 0);
	child_set(trie, 0, fork);
	child_set(fork, 0, low);
	child_set(fork, 3, high);
	alias_new(low, 8, 1, 254);
	alias_new(low, 16, 1, 254);
	alias_new(high, 24, 7, 254);
	alias_new(high, 32, 2, 255); /* of the local table */
	CHECK_OK(route_iter_init(&it, &g.k, net));
	expect(0x0a000000, 16, 1);
	expect(0x0a000000, 8, 1);
	expect(0xc0a80100, 24, 7);
	expect_end();
}

TEST(route, no_table_and_no_route_are_an_end)
{
	set_up();
	CHECK_OK(route_iter_init(&it, &g.k, net));
	expect_end();
	fake_set(&g, net, F_net_fib_tables, fake_alloc(&g, 256 * 8, 8).v);
	CHECK_OK(route_iter_init(&it, &g.k, net));
	expect_end();
}

TEST(route, a_tree_in_a_circle_ends_in_race)
{
	struct route r;
	gva_t node;
	bool end;

	set_up();
	node = node_new(0, 1);
	child_set(trie, 0, node);
	child_set(node, 1, node);
	CHECK_OK(route_iter_init(&it, &g.k, net));
	CHECK_ERR(route_iter_next(&it, &g.k, &r, &end), ERR_RACE);
	fake_set(&g, node, F_key_vector_bits, 40);
	CHECK_OK(route_iter_init(&it, &g.k, net));
	CHECK_ERR(route_iter_next(&it, &g.k, &r, &end), ERR_RACE);
}

TEST(route, hops_have_a_gateway_and_metrics)
{
	gva_t info, metrics, nexthop, nh_info;
	struct route_hop hop;

	set_up();
	info = fake_alloc(&g, 128, 8);
	metrics = fake_alloc(&g, 68, 8);
	fake_set(&g, info, F_fib_info_metrics, metrics.v);
	fake_set(&g, info, F_fib_info_priority, 7);
	fake_set(&g, gva_add(info, 32), F_fib_hop_dev, 0x1234);
	fake_set(&g, gva_add(info, 32), F_fib_hop_gw_family, AF_INET);
	fake_set(&g, gva_add(info, 32), F_fib_hop_gw, 0x0202000a);
	fake_u32(&g, gva_add(metrics, 4 * 7), 1460);
	fake_u32(&g, gva_add(metrics, 4 * 2), 5000);
	fake_u32(&g, gva_add(metrics, 4 * 3), 80);
	CHECK_OK(route_read_hop(&g.k, info, &hop));
	CU_ASSERT_EQUAL(hop.dev.v, 0x1234);
	CU_ASSERT_EQUAL(hop.gateway, 0x0202000a);
	CU_ASSERT_EQUAL(hop.priority, 7);
	CU_ASSERT_EQUAL(hop.mtu_advertised, 1500);
	CU_ASSERT_EQUAL(hop.window, 5000);
	CU_ASSERT_EQUAL(hop.rtt, 10);
	fake_set(&g, gva_add(info, 32), F_fib_hop_gw_family, AF_INET6);
	CHECK_OK(route_read_hop(&g.k, info, &hop));
	CU_ASSERT_EQUAL(hop.gateway, 0);
	nexthop = fake_alloc(&g, 64, 8);
	nh_info = fake_alloc(&g, 128, 8);
	fake_set(&g, nexthop, F_nexthop_info, nh_info.v);
	fake_set(&g, gva_add(nh_info, 16), F_fib_hop_dev, 0x5678);
	fake_set(&g, info, F_fib_info_nexthop, nexthop.v);
	CHECK_OK(route_read_hop(&g.k, info, &hop));
	CU_ASSERT_EQUAL(hop.dev.v, 0x5678);
	fake_set(&g, nexthop, F_nexthop_is_group, 1);
	CHECK_ERR(route_read_hop(&g.k, info, &hop), ERR_ABSENT);
}
