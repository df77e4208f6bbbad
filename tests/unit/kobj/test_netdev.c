/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/netdev.h"

#include <linux/if.h>
#include <string.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/netdev_stats.h"

static struct fake_guest g;
static gva_t net, ops;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_net_dev_base, 8, 16);
	FAKE_MEMBERS(&g, {F_net_device_list, 16}, {F_net_device_name, 16},
		     {F_net_device_ifindex, 4}, {F_net_device_flags, 4}, {F_net_device_gflags, 2},
		     {F_net_device_state, 8}, {F_net_device_operstate, 1}, {F_net_device_upper, 16},
		     {F_net_device_lower, 16}, {F_net_device_netdev_ops, 8},
		     {F_net_device_addr_len, 1}, {F_net_device_dev_addr, 8},
		     {F_net_device_broadcast, 32}, {F_net_device_stats, 23 * 8},
		     {F_net_device_lstats, 8}, {F_net_device_rx_dropped, 8},
		     {F_net_device_tx_dropped, 8});
	FAKE_MEMBERS(&g, {F_netdev_adjacent_list, 16}, {F_netdev_adjacent_dev, 8},
		     {F_netdev_adjacent_master, 1});
	FAKE_MEMBERS(&g, {F_net_device_ops_get_iflink, 8}, {F_net_device_ops_get_stats64, 8},
		     {F_net_device_ops_get_stats, 8});
	FAKE_MEMBERS(&g, {F_pcpu_lstats_packets, 8}, {F_pcpu_lstats_bytes, 8});
	fake_symbol(&g, S_loopback_get_stats64, 16);
	fake_symbol(&g, S_dev_get_tstats64, 16);
	net = fake_object(&g);
	ops = fake_object(&g);
	fake_list(&g, kfield_at(&g.k, net, F_net_dev_base));
}

static gva_t device_add(const char *name, uint32_t index)
{
	gva_t dev = fake_object(&g);

	fake_write(&g, kfield_at(&g.k, dev, F_net_device_name), name, strlen(name));
	fake_set(&g, dev, F_net_device_ifindex, index);
	fake_set(&g, dev, F_net_device_netdev_ops, ops.v);
	fake_list(&g, kfield_at(&g.k, dev, F_net_device_upper));
	fake_list(&g, kfield_at(&g.k, dev, F_net_device_lower));
	fake_list_add(&g, kfield_at(&g.k, net, F_net_dev_base),
		      kfield_at(&g.k, dev, F_net_device_list));
	return dev;
}

/* @neighbour is above or below @dev. */
static gva_t adjacent_add(gva_t dev, enum field_id list, gva_t neighbour, bool is_master)
{
	gva_t a = fake_object(&g);

	fake_set(&g, a, F_netdev_adjacent_dev, neighbour.v);
	fake_set(&g, a, F_netdev_adjacent_master, is_master);
	fake_list_add(&g, kfield_at(&g.k, dev, list), kfield_at(&g.k, a, F_netdev_adjacent_list));
	return a;
}

TEST(netdev, is_found_by_index_or_name)
{
	gva_t lo, eth, found;

	set_up();
	lo = device_add("lo", 1);
	eth = device_add("eth0", 2);
	CHECK_OK(netdev_find(&g.k, net, 2, "lo", &found));
	CU_ASSERT_EQUAL(found.v, eth.v);
	CHECK_OK(netdev_find(&g.k, net, 0, "lo", &found));
	CU_ASSERT_EQUAL(found.v, lo.v);
	CHECK_OK(netdev_find(&g.k, net, 0, "eth", &found));
	CU_ASSERT_TRUE(gva_is_null(found));
	CHECK_OK(netdev_find(&g.k, net, -1, "", &found));
	CU_ASSERT_TRUE(gva_is_null(found));
}

TEST(netdev, a_name_without_an_end_has_one)
{
	char name[NETDEV_NAME_BYTES];
	gva_t dev;

	set_up();
	dev = device_add("0123456789abcdef", 1);
	CHECK_OK(netdev_name(&g.k, dev, name));
	CU_ASSERT_STRING_EQUAL(name, "0123456789abcdef");
}

TEST(netdev, a_list_that_loops_is_a_race)
{
	gva_t dev, link, found;

	set_up();
	dev = device_add("lo", 1);
	link = kfield_at(&g.k, dev, F_net_device_list);
	fake_u64(&g, link, link.v);
	CHECK_ERR(netdev_find(&g.k, net, 7, NULL, &found), ERR_RACE);
	fake_u64(&g, link, 0);
	CHECK_ERR(netdev_find(&g.k, net, 7, NULL, &found), ERR_RACE);
	fake_u64(&g, link, 8);
	CHECK_ERR(netdev_find(&g.k, net, 7, NULL, &found), ERR_FAULT);
}

TEST(netdev, by_index_passes_over_what_is_reserved)
{
	struct netdev_by_index it;
	gva_t dev, found, node;

	set_up();
	fake_field(&g, F_net_dev_by_index, 64, 8);
	fake_field(&g, F_xa_node_shift, 0, 1);
	fake_field(&g, F_xa_node_slots, 40, 512);
	dev = device_add("lo", 1);
	node = fake_alloc(&g, 576, 64);
	fake_set(&g, net, F_net_dev_by_index, node.v | 2);
	fake_u64(&g, gva_add(node, 40 + 8 * 3), 0x406); /* XA_ZERO_ENTRY */
	fake_u64(&g, gva_add(node, 40 + 8 * 5), 0x13);  /* a number */
	fake_u64(&g, gva_add(node, 40 + 8 * 63), dev.v);
	CHECK_OK(netdev_by_index_init(&it, &g.k, net));
	CHECK_OK(netdev_by_index_next(&it, &g.k, &found));
	CU_ASSERT_EQUAL(found.v, dev.v);
	CHECK_OK(netdev_by_index_next(&it, &g.k, &found));
	CU_ASSERT_TRUE(gva_is_null(found));
}

/* Reserved places without end cost reading, which has a bound. */
TEST(netdev, nothing_but_reserved_places_ends)
{
	struct netdev_by_index it;
	gva_t found, node[4];

	set_up();
	fake_field(&g, F_net_dev_by_index, 64, 8);
	fake_field(&g, F_xa_node_shift, 0, 1);
	fake_field(&g, F_xa_node_slots, 40, 512);
	for (unsigned level = 0; level < 4; level++) {
		node[level] = fake_alloc(&g, 576, 64);
		fake_set(&g, node[level], F_xa_node_shift, 6 * level);
		for (unsigned i = 0; i < 64; i++)
			fake_u64(&g, gva_add(node[level], 40 + 8 * i),
				 level ? node[level - 1].v | 2 : 0x13);
	}
	fake_set(&g, net, F_net_dev_by_index, node[3].v | 2);
	struct work work;
	work_fill(&work, 1 << 20);
	g.k.work = &work;
	CHECK_OK(netdev_by_index_init(&it, &g.k, net));
	CHECK_ERR(netdev_by_index_next(&it, &g.k, &found), ERR_RACE);
}

TEST(netdev, flags_follow_the_state)
{
	uint32_t flags;
	gva_t dev;

	set_up();
	dev = device_add("eth0", 2);
	fake_set(&g, dev, F_net_device_flags, IFF_UP | IFF_PROMISC | IFF_RUNNING);
	fake_set(&g, dev, F_net_device_gflags, IFF_ALLMULTI);
	CHECK_OK(netdev_flags(&g.k, dev, &flags));
	CU_ASSERT_EQUAL(flags, IFF_UP | IFF_ALLMULTI);
	fake_set(&g, dev, F_net_device_state, 1 | 1 << 4); /* started, dormant */
	fake_set(&g, dev, F_net_device_operstate, 5);
	CHECK_OK(netdev_flags(&g.k, dev, &flags));
	CU_ASSERT_EQUAL(flags, IFF_UP | IFF_ALLMULTI | IFF_LOWER_UP | IFF_DORMANT);
	fake_set(&g, dev, F_net_device_state, 1 | 1 << 2); /* no carrier */
	fake_set(&g, dev, F_net_device_operstate, 6);
	CHECK_OK(netdev_flags(&g.k, dev, &flags));
	CU_ASSERT_EQUAL(flags, IFF_UP | IFF_ALLMULTI | IFF_RUNNING);
}

TEST(netdev, relatives_are_the_first_neighbours)
{
	gva_t port, bridge, upper;
	int32_t index;

	set_up();
	port = device_add("eth0", 2);
	bridge = device_add("br0", 3);
	CHECK_OK(netdev_master(&g.k, port, &index));
	CU_ASSERT_EQUAL(index, 0);
	upper = adjacent_add(port, F_net_device_upper, bridge, false);
	CHECK_OK(netdev_master(&g.k, port, &index));
	CU_ASSERT_EQUAL(index, 0);
	fake_set(&g, upper, F_netdev_adjacent_master, 1);
	CHECK_OK(netdev_master(&g.k, port, &index));
	CU_ASSERT_EQUAL(index, 3);
	adjacent_add(port, F_net_device_lower, bridge, false);
	CHECK_OK(netdev_link(&g.k, port, &index));
	CU_ASSERT_EQUAL(index, 0); /* its driver tells of none */
	fake_set(&g, ops, F_net_device_ops_get_iflink, 1);
	CHECK_OK(netdev_link(&g.k, port, &index));
	CU_ASSERT_EQUAL(index, 3);
	fake_set(&g, upper, F_netdev_adjacent_dev, 8);
	CHECK_ERR(netdev_master(&g.k, port, &index), ERR_FAULT);
	fake_set(&g, port, F_net_device_netdev_ops, 0);
	CHECK_ERR(netdev_link(&g.k, port, &index), ERR_FAULT);
}

TEST(netdev, addresses_have_a_greatest_length)
{
	struct netdev_address a;
	gva_t dev;

	set_up();
	dev = device_add("ib0", 2);
	fake_set(&g, dev, F_net_device_addr_len, 255);
	fake_set(&g, dev, F_net_device_dev_addr, fake_alloc(&g, 32, 8).v);
	CHECK_OK(netdev_read_address(&g.k, dev, &a));
	CU_ASSERT_EQUAL(a.len, NETDEV_ADDRESS_BYTES);
	fake_set(&g, dev, F_net_device_dev_addr, 0);
	CHECK_ERR(netdev_read_address(&g.k, dev, &a), ERR_FAULT);
	fake_set(&g, dev, F_net_device_addr_len, 0);
	CHECK_ERR(netdev_read_address(&g.k, dev, &a), ERR_FAULT);
}

/* --- counters -------------------------------------------------------------------------------- */

TEST(netdev_stats, what_loopback_sends_it_receives)
{
	struct netdev_stats s;
	gva_t dev, percpu;

	set_up();
	dev = device_add("lo", 1);
	percpu = fake_alloc(&g, 256, 64);
	g.k.cpu_count = 2;
	g.k.percpu_base[1] = 128;
	fake_set(&g, dev, F_net_device_lstats, percpu.v);
	fake_set(&g, ops, F_net_device_ops_get_stats64, g.p.symbols[S_loopback_get_stats64]);
	fake_set(&g, percpu, F_pcpu_lstats_packets, 3);
	fake_set(&g, gva_add(percpu, 128), F_pcpu_lstats_packets, 4);
	fake_set(&g, dev, F_net_device_rx_dropped, 5);
	CHECK_OK(netdev_stats_read(&g.k, dev, &s));
	CU_ASSERT(s.v[RX_PACKETS] == 7 && s.v[TX_PACKETS] == 7 && s.v[RX_DROPPED] == 5);
	fake_set(&g, dev, F_net_device_lstats, 0);
	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_RACE);
}

TEST(netdev_stats, a_device_without_functions_has_its_own_counters)
{
	struct netdev_stats s;
	gva_t dev;

	set_up();
	dev = device_add("eth0", 2);
	fake_u64(&g, gva_add(kfield_at(&g.k, dev, F_net_device_stats), 8 * TX_COMPRESSED), 9);
	CHECK_OK(netdev_stats_read(&g.k, dev, &s));
	CU_ASSERT_EQUAL(s.v[TX_COMPRESSED], 9);
	fake_set(&g, dev, F_net_device_netdev_ops, 0);
	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_FAULT);
}
