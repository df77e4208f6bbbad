/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/multicast.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

enum { FORCE_VERSION = 3, NOW = 1000 };

static struct fake_guest g;
static struct multicast_iter it;
static gva_t net, conf;

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_net_dev_base, 0, 16},
	{F_net_ipv4_devconf_all, 16, 8},
	{F_net_device_list, 0, 16},
	{F_net_device_ip_ptr, 16, 8},
	{F_net_device_mc, 24, 16},
	{F_in_device_mc_list, 0, 8},
	{F_in_device_mc_count, 8, 4},
	{F_in_device_mr_v1_seen, 16, 8},
	{F_in_device_mr_v2_seen, 24, 8},
	{F_in_device_cnf, 32, 32},
	{F_ipv4_devconf_data, 4, 28},
	{F_ip_mc_list_next, 0, 8},
	{F_ip_mc_list_multiaddr, 8, 4},
	{F_ip_mc_list_users, 12, 4},
	{F_ip_mc_list_sources, 16, 8},
	{F_ip_mc_list_expires, 24, 8},
	{F_ip_mc_list_tm_running, 32, 1},
	{F_ip_mc_list_reporter, 33, 1},
	{F_ip_sf_list_next, 0, 8},
	{F_ip_sf_list_inaddr, 8, 4},
	{F_ip_sf_list_count, 16, 16},
	{F_netdev_hw_addr_list, 0, 16},
	{F_netdev_hw_addr_addr, 16, 32},
	{F_netdev_hw_addr_refcount, 48, 4},
	{F_netdev_hw_addr_global_use, 52, 1},
};

static void set_up(void)
{
	fake_guest_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, members[i].size);
	fake_enumerator(&g, E_IPV4_DEVCONF_FORCE_IGMP_VERSION, FORCE_VERSION);
	fake_variable(&g, S_jiffies, NOW);
	net = fake_alloc(&g, 64, 8);
	conf = fake_alloc(&g, 64, 8);
	fake_set(&g, net, F_net_ipv4_devconf_all, conf.v);
	fake_list(&g, net);
}

/* A device, with an in_device where @has_ip. */
static gva_t device_add(bool has_ip)
{
	gva_t dev = fake_alloc(&g, 64, 8);

	if (has_ip)
		fake_set(&g, dev, F_net_device_ip_ptr, fake_alloc(&g, 128, 8).v);
	fake_list_add(&g, net, dev);
	fake_list(&g, gva_add(dev, 24));
	return dev;
}

static gva_t group_new(uint32_t address, gva_t next)
{
	gva_t at = fake_alloc(&g, 64, 8);

	fake_set(&g, at, F_ip_mc_list_multiaddr, address);
	fake_set(&g, at, F_ip_mc_list_users, 2);
	fake_set(&g, at, F_ip_mc_list_next, next.v);
	return at;
}

static gva_t owner_of(gva_t dev)
{
	gva_t owner;

	CHECK_OK(kfield_ptr(&g.k, dev, F_net_device_ip_ptr, &owner));
	return owner;
}

static void expect(gva_t dev, uint8_t first_byte, bool is_first, struct multicast_group *ret)
{
	CHECK_OK(multicast_iter_next(&it, &g.k, ret));
	CU_ASSERT_EQUAL(ret->dev.v, dev.v);
	CU_ASSERT_EQUAL(ret->address[0], first_byte);
	CU_ASSERT_EQUAL(ret->address[4], 0);
	CU_ASSERT_EQUAL(ret->users, 2);
	CU_ASSERT_EQUAL(ret->is_first, is_first);
}

static void expect_end(void)
{
	struct multicast_group group;

	CHECK_OK(multicast_iter_next(&it, &g.k, &group));
	CU_ASSERT_TRUE(gva_is_null(group.at));
}

TEST(multicast, groups_of_all_devices)
{
	struct multicast_group group;
	gva_t lo, eth;

	set_up();
	lo = device_add(true);
	device_add(false);
	device_add(true);
	eth = device_add(true);
	fake_set(&g, owner_of(lo), F_in_device_mc_list, group_new(0xe0, gva(0)).v);
	fake_set(&g, owner_of(eth), F_in_device_mc_list,
		 group_new(0xe8, group_new(0xef, gva(0))).v);
	CHECK_OK(multicast_iter_init(&it, &g.k, net, MULTICAST_IPV4));
	expect(lo, 0xe0, true, &group);
	expect(eth, 0xe8, true, &group);
	expect(eth, 0xef, false, &group);
	expect_end();
}

TEST(multicast, sources_with_their_counts)
{
	struct multicast_source source;
	struct multicast_group group = {.at = gva(0)};
	struct chain_iter sources;
	gva_t at, own;

	set_up();
	group.at = group_new(0xe0, gva(0));
	at = fake_alloc(&g, 64, 8);
	own = fake_alloc(&g, 64, 8);
	fake_set(&g, group.at, F_ip_mc_list_sources, at.v);
	fake_set(&g, at, F_ip_sf_list_inaddr, 0x0a);
	fake_u64(&g, gva_add(at, 16), 5);
	fake_u64(&g, gva_add(at, 24), 6);
	fake_set(&g, at, F_ip_sf_list_next, own.v);
	CHECK_OK(multicast_sources_init(&sources, &g.k, MULTICAST_IPV4, &group));
	CHECK_OK(multicast_sources_next(&sources, &g.k, MULTICAST_IPV4, &source));
	CU_ASSERT_EQUAL(source.address[0], 0x0a);
	CU_ASSERT_EQUAL(source.excluded, 5);
	CU_ASSERT_EQUAL(source.included, 6);
	CHECK_OK(multicast_sources_next(&sources, &g.k, MULTICAST_IPV4, &source));
	CU_ASSERT_EQUAL(source.at.v, own.v);
	CHECK_OK(multicast_sources_next(&sources, &g.k, MULTICAST_IPV4, &source));
	CU_ASSERT_TRUE(gva_is_null(source.at));
}

TEST(multicast, igmp_speaks_the_version_of_the_oldest_querier)
{
	struct multicast_group group = {.at = gva(0)};
	struct multicast_igmp igmp;

	set_up();
	group.at = group_new(0xe0, gva(0));
	group.owner = fake_alloc(&g, 128, 8);
	fake_set(&g, group.owner, F_in_device_mc_count, 7);
	CHECK_OK(multicast_read_igmp(&g.k, net, &group, &igmp));
	CU_ASSERT_EQUAL(igmp.version, 3);
	CU_ASSERT_EQUAL(igmp.groups, 7);
	fake_set(&g, group.owner, F_in_device_mr_v2_seen, NOW);
	CHECK_OK(multicast_read_igmp(&g.k, net, &group, &igmp));
	CU_ASSERT_EQUAL(igmp.version, 3);
	fake_set(&g, group.owner, F_in_device_mr_v2_seen, NOW + 1);
	CHECK_OK(multicast_read_igmp(&g.k, net, &group, &igmp));
	CU_ASSERT_EQUAL(igmp.version, 2);
	fake_u32(&g, gva_add(group.owner, 32 + 4 + 4 * (FORCE_VERSION - 1)), 1);
	CHECK_OK(multicast_read_igmp(&g.k, net, &group, &igmp));
	CU_ASSERT_EQUAL(igmp.version, 1);
}

TEST(multicast, link_addresses)
{
	struct multicast_link link;
	struct list_iter links;
	gva_t dev, at;

	set_up();
	dev = device_add(false);
	at = fake_alloc(&g, 64, 8);
	fake_set(&g, at, F_netdev_hw_addr_refcount, 3);
	fake_u32(&g, gva_add(at, 16), 0x33);
	fake_list_add(&g, gva_add(dev, 24), at);
	CHECK_OK(multicast_links_init(&links, &g.k, dev));
	CHECK_OK(multicast_links_next(&links, &g.k, &link));
	CU_ASSERT_EQUAL(link.references, 3);
	CU_ASSERT_EQUAL(link.address[0], 0x33);
	CHECK_OK(multicast_links_next(&links, &g.k, &link));
	CU_ASSERT_TRUE(gva_is_null(link.at));
}

TEST(multicast, chains_that_loop_are_races_and_then_end)
{
	const struct err *e = NULL;
	struct multicast_group group;
	gva_t dev, at;

	set_up();
	dev = device_add(true);
	at = group_new(0xe0, gva(0));
	fake_set(&g, at, F_ip_mc_list_next, at.v);
	fake_set(&g, owner_of(dev), F_in_device_mc_list, at.v);
	CHECK_OK(multicast_iter_init(&it, &g.k, net, MULTICAST_IPV4));
	for (unsigned i = 0; i <= CHAIN_MAX && !e; i++)
		e = multicast_iter_next(&it, &g.k, &group);
	CHECK_ERR(e, ERR_RACE);
	expect_end();
	fake_set(&g, owner_of(dev), F_in_device_mc_list, 4096);
	CHECK_OK(multicast_iter_init(&it, &g.k, net, MULTICAST_IPV4));
	CHECK_ERR(multicast_iter_next(&it, &g.k, &group), ERR_FAULT);
	expect_end();
}
