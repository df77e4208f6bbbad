/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/netproto.h"

static struct fake_guest g;
static gva_t net, proto, part[2];

static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_net_prot_inuse, 0, 8);
	fake_field(&g, F_prot_inuse_val, 4, 256);
	fake_field(&g, F_proto_inuse_idx, 8, 4);
	fake_field(&g, F_proto_memory_allocated, 16, 8);
	g.k.cpu_count = 2;
	g.k.percpu_zero_based = true;
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		part[cpu] = fake_alloc(&g, 512, 64);
		g.k.percpu_base[cpu] = part[cpu].v;
	}
	net = fake_alloc(&g, 64, 8); /* its counters are at the start of each CPU's memory */
	proto = fake_symbol(&g, S_tcp_prot, 64);
	fake_set(&g, proto, F_proto_inuse_idx, 3);
}

TEST(netproto, counts_are_summed_over_cpus)
{
	int32_t count;

	set_up();
	fake_u32(&g, gva_add(part[0], 4 + 4 * 3), 20);
	fake_u32(&g, gva_add(part[1], 4 + 4 * 3), (uint32_t)-3); /* closed on another CPU */
	CHECK_OK(netproto_in_use(&g.k, net, S_tcp_prot, &count));
	CU_ASSERT_EQUAL(count, 17);
	fake_u32(&g, gva_add(part[0], 4 + 4 * 3), 0);
	CHECK_OK(netproto_in_use(&g.k, net, S_tcp_prot, &count));
	CU_ASSERT_EQUAL(count, 0);
	fake_set(&g, proto, F_proto_inuse_idx, 64);
	CHECK_ERR(netproto_in_use(&g.k, net, S_tcp_prot, &count), ERR_RACE);
}

TEST(netproto, all_sockets_are_counted_both_ways)
{
	int32_t count;

	set_up();
	fake_field(&g, F_net_sock_inuse, 8, 8);
	fake_set(&g, net, F_net_sock_inuse, 300);
	fake_u32(&g, gva_add(part[0], 300), 5);
	fake_u32(&g, gva_add(part[1], 300), 6);
	CHECK_OK(netproto_all_in_use(&g.k, net, &count));
	CU_ASSERT_EQUAL(count, 11);
	fake_field(&g, F_prot_inuse_all, 0, 4); /* since 5.17 */
	fake_u32(&g, part[0], 70);
	CHECK_OK(netproto_all_in_use(&g.k, net, &count));
	CU_ASSERT_EQUAL(count, 70);
}

TEST(netproto, memory_is_never_negative)
{
	int64_t pages;
	gva_t at;

	set_up();
	at = fake_alloc(&g, 8, 8);
	fake_set(&g, proto, F_proto_memory_allocated, at.v);
	fake_u64(&g, at, 12);
	CHECK_OK(netproto_memory(&g.k, S_tcp_prot, &pages));
	CU_ASSERT_EQUAL(pages, 12);
	fake_u64(&g, at, (uint64_t)-2);
	CHECK_OK(netproto_memory(&g.k, S_tcp_prot, &pages));
	CU_ASSERT_EQUAL(pages, 0);
}

static const struct {
	enum field_id id;
	uint32_t offset, size;
} proto_members[] = {
	{F_proto_memory_pressure, 24, 8}, {F_proto_obj_size, 12, 4},
	{F_proto_max_header, 0, 4},       {F_proto_slab, 32, 8},
	{F_proto_owner, 40, 8},           {F_proto_name, 48, 4},
	{F_proto_node, 52, 12},
};

TEST(netproto, what_is_not_counted_is_minus_one)
{
	struct netproto p;
	gva_t pressure;

	set_up();
	for (unsigned i = 0; i < sizeof(proto_members) / sizeof(proto_members[0]); i++)
		fake_field(&g, proto_members[i].id, proto_members[i].offset, proto_members[i].size);
	fake_write(&g, gva_add(proto, 48), "TCPX", 4);
	fake_set(&g, proto, F_proto_obj_size, 2240);
	CHECK_OK(netproto_read(&g.k, net, proto, &p));
	CU_ASSERT_STRING_EQUAL(p.name, "TCPX");
	CU_ASSERT_EQUAL(p.object_bytes, 2240);
	CU_ASSERT_EQUAL(p.memory_pages, -1);
	CU_ASSERT_EQUAL(p.pressure, NETPROTO_UNKNOWN);
	CU_ASSERT_FALSE(p.has_slab);
	pressure = fake_alloc(&g, 16, 8);
	fake_set(&g, proto, F_proto_memory_allocated, pressure.v + 8);
	fake_set(&g, proto, F_proto_memory_pressure, pressure.v);
	CHECK_OK(netproto_read(&g.k, net, proto, &p));
	CU_ASSERT_EQUAL(p.memory_pages, 0);
	CU_ASSERT_EQUAL(p.pressure, NETPROTO_RELAXED);
	fake_u64(&g, pressure, 1);
	CHECK_OK(netproto_read(&g.k, net, proto, &p));
	CU_ASSERT_EQUAL(p.pressure, NETPROTO_PRESSED);
}

TEST(netproto, lists_of_protocols_that_loop_are_races)
{
	struct list_iter it;
	gva_t head, at;

	set_up();
	fake_field(&g, F_proto_node, 24, 16);
	head = fake_symbol(&g, S_proto_list, 16);
	fake_list(&g, head);
	fake_list_add(&g, head, gva_add(proto, 24));
	CHECK_OK(netproto_iter_init(&it, &g.k));
	CHECK_OK(netproto_iter_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, proto.v);
	CHECK_OK(netproto_iter_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
	fake_u64(&g, gva_add(proto, 24), proto.v + 24);
	CHECK_OK(netproto_iter_init(&it, &g.k));
	CHECK_OK(netproto_iter_next(&it, &g.k, &at));
	CHECK_ERR(netproto_iter_next(&it, &g.k, &at), ERR_RACE);
}
