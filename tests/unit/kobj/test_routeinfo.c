/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/routeinfo.h"

#include <sys/socket.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"

static struct fake_guest g;
static gva_t info;

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_fib_info_flags, 4}, {F_fib_info_prefsrc, 4}, {F_fib_info_priority, 4},
		     {F_fib_info_protocol, 1}, {F_fib_info_scope, 1}, {F_fib_info_hop_count, 4},
		     {F_fib_info_nexthop, 8}, {F_fib_info_metrics, 8}, {F_fib_info_hops, 256});
	FAKE_MEMBERS(&g, {F_fib_hop_dev, 8}, {F_fib_hop_gw_family, 1}, {F_fib_hop_flags, 1},
		     {F_fib_hop_weight, 4}, {F_fib_hop_gw6, 16});
	FAKE_MEMBERS(&g, {F_nexthop_is_group, 1}, {F_nexthop_id, 4}, {F_nexthop_info, 8});
	FAKE_MEMBERS(&g, {F_fib_table_list, 16}, {F_fib_table_id, 4});
	fake_field(&g, F_nh_info_hop, 8, 64);
	fake_field(&g, F_fib_nh_hop, 0, 64);
	fake_field(&g, F_dst_metrics_metrics, 0, 68);
	fake_field(&g, F_net_device_ifindex, 8, 4);
	fake_field(&g, F_net_fib_tables, 8, 8);
	g.p.sizes[SIZE_fib_nh] = 96;
	info = fake_object(&g);
}

TEST(routeinfo, hops_lie_one_behind_the_other)
{
	struct route_info r;
	struct route_leg leg;
	gva_t dev, at;

	set_up();
	dev = fake_alloc(&g, 64, 8);
	fake_set(&g, dev, F_net_device_ifindex, 7);
	fake_set(&g, info, F_fib_info_hop_count, 2);
	at = route_leg_at(&g.k, info, 1);
	CU_ASSERT_EQUAL(at.v, kfield_at(&g.k, info, F_fib_info_hops).v + 96);
	fake_set(&g, at, F_fib_hop_dev, dev.v);
	fake_set(&g, at, F_fib_hop_gw_family, AF_INET6);
	fake_set(&g, at, F_fib_hop_weight, 3);
	CHECK_OK(route_read_info(&g.k, info, &r));
	CU_ASSERT_EQUAL(r.hops, 2);
	CHECK_OK(route_read_leg(&g.k, at, &leg));
	CU_ASSERT(leg.ifindex == 7 && leg.gateway_family == AF_INET6 && leg.weight == 3);
	CHECK_OK(route_read_leg(&g.k, route_leg_at(&g.k, info, 0), &leg));
	CU_ASSERT_EQUAL(leg.ifindex, 0);
	fake_set(&g, at, F_fib_hop_dev, 8);
	CHECK_ERR(route_read_leg(&g.k, at, &leg), ERR_FAULT);
}

TEST(routeinfo, more_hops_than_can_be_are_a_race)
{
	struct route_info r;

	set_up();
	fake_set(&g, info, F_fib_info_hop_count, ROUTE_HOPS_MAX);
	CHECK_OK(route_read_info(&g.k, info, &r));
	fake_set(&g, info, F_fib_info_hop_count, ROUTE_HOPS_MAX + 1);
	CHECK_ERR(route_read_info(&g.k, info, &r), ERR_RACE);
	fake_set(&g, info, F_fib_info_hop_count, UINT32_MAX);
	CHECK_ERR(route_read_info(&g.k, info, &r), ERR_RACE);
}

TEST(routeinfo, metrics_may_be_none_but_not_nowhere)
{
	struct route_metrics m;
	struct route_info r;
	gva_t at;

	set_up();
	CHECK_OK(route_read_metrics(&g.k, gva(0), &m));
	CU_ASSERT_EQUAL(m.v[0], 0);
	at = fake_alloc(&g, 68, 8);
	fake_u32(&g, gva_add(at, 64), 42);
	CHECK_OK(route_read_metrics(&g.k, at, &m));
	CU_ASSERT_EQUAL(m.v[ROUTE_METRICS - 1], 42);
	fake_set(&g, info, F_fib_info_metrics, 8);
	CHECK_ERR(route_read_info(&g.k, info, &r), ERR_FAULT);
}

TEST(routeinfo, groups_of_next_hops_are_absent)
{
	gva_t nexthop, at;
	uint32_t id;

	set_up();
	nexthop = fake_alloc(&g, 64, 8);
	fake_set(&g, nexthop, F_nexthop_id, 9);
	fake_set(&g, nexthop, F_nexthop_info, 0x1000);
	CHECK_OK(route_nexthop_leg(&g.k, nexthop, &id, &at));
	CU_ASSERT(id == 9 && at.v == 0x1008);
	fake_set(&g, nexthop, F_nexthop_is_group, 1);
	CHECK_ERR(route_nexthop_leg(&g.k, nexthop, &id, &at), ERR_ABSENT);
}

TEST(routeinfo, lists_of_tables_that_loop_are_races)
{
	struct hashwalk it;
	gva_t net, lists, table, found;
	uint32_t id;

	set_up();
	net = fake_alloc(&g, 64, 8);
	lists = fake_alloc(&g, 256 * 8, 8);
	table = fake_alloc(&g, 64, 8);
	fake_set(&g, net, F_net_fib_tables, lists.v);
	fake_set(&g, table, F_fib_table_id, 254);
	fake_u64(&g, gva_add(lists, 8 * 254), kfield_at(&g.k, table, F_fib_table_list).v);
	CHECK_OK(route_tables_init(&it, &g.k, net));
	CHECK_OK(route_tables_next(&it, &g.k, &found, &id));
	CU_ASSERT(found.v == table.v && id == 254);
	CHECK_OK(route_tables_next(&it, &g.k, &found, &id));
	CU_ASSERT_TRUE(gva_is_null(found));
	found = kfield_at(&g.k, table, F_fib_table_list);
	fake_u64(&g, found, found.v);
	CHECK_OK(route_tables_init(&it, &g.k, net));
	CHECK_OK(route_tables_next(&it, &g.k, &found, &id));
	CHECK_ERR(route_tables_next(&it, &g.k, &found, &id), ERR_RACE);
	fake_set(&g, net, F_net_fib_tables, 8);
	CHECK_OK(route_tables_init(&it, &g.k, net));
	CHECK_ERR(route_tables_next(&it, &g.k, &found, &id), ERR_FAULT);
}
