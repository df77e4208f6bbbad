/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_sock.h"
#include "transcall/kobj/netlinksock.h"

enum { TABLE_BYTES = 64, BUCKETS = 8 };

static struct fake_guest g;
static gva_t net, tables;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_sock_init(&g);
	fake_field(&g, F_netlink_table_buckets, 8, 8);
	fake_field(&g, F_bucket_table_size, 0, 4);
	fake_field(&g, F_bucket_table_nest, 4, 4);
	fake_field(&g, F_bucket_table_future, 16, 8);
	fake_field(&g, F_bucket_table_buckets, 64, 8);
	fake_field(&g, F_netlink_sock_node, 600, 8);
	fake_field(&g, F_netlink_sock_portid, 608, 4);
	fake_field(&g, F_netlink_sock_groups, 616, 8);
	fake_field(&g, F_netlink_sock_cb_running, 624, 1);
	fake_field(&g, F_netlink_sock_dst_portid, 628, 4);
	fake_field(&g, F_netlink_sock_dst_group, 632, 4);
	g.p.sizes[SIZE_netlink_table] = TABLE_BYTES;
	tables = fake_alloc(&g, TABLE_BYTES * NETLINK_PROTOCOLS, 8);
	fake_variable(&g, S_nl_table, tables.v);
	net = fake_alloc(&g, 64, 64);
}

static gva_t buckets_new(void)
{
	gva_t table = fake_alloc(&g, 64 + 8 * BUCKETS, 64);

	fake_set(&g, table, F_bucket_table_size, BUCKETS);
	return table;
}

static gva_t protocol_buckets(unsigned protocol)
{
	gva_t table = buckets_new();

	fake_set(&g, gva_add(tables, TABLE_BYTES * protocol), F_netlink_table_buckets, table.v);
	return table;
}

static gva_t sock_in(gva_t table, unsigned bucket, gva_t in)
{
	gva_t sock = fake_sock(&g, in, 16, 7);

	fake_sock_hash(&g, gva_add(table, 64 + 8 * bucket), sock, F_netlink_sock_node);
	return sock;
}

static void expect(struct netlinksock_iter *it, gva_t sock)
{
	struct sock_head head;

	CHECK_OK(netlinksock_iter_next(it, &g.k, &head));
	CU_ASSERT_EQUAL(head.at.v, sock.v);
}

TEST(netlinksock, is_listed_by_protocol_and_bucket)
{
	gva_t route, audit, first, second, third;
	struct netlinksock_iter it;

	set_up();
	route = protocol_buckets(0);
	audit = protocol_buckets(31);
	third = sock_in(audit, 0, net);
	second = sock_in(route, 7, net);
	first = sock_in(route, 1, net);
	sock_in(route, 1, gva(64));
	CHECK_OK(netlinksock_iter_init(&it, &g.k, net));
	expect(&it, first);
	expect(&it, second);
	expect(&it, third);
	expect(&it, gva(0));
}

TEST(netlinksock, of_a_growing_table_are_in_both)
{
	struct netlinksock_iter it;
	gva_t old, new, first, second;

	set_up();
	old = protocol_buckets(4);
	new = buckets_new();
	fake_set(&g, old, F_bucket_table_future, new.v);
	first = sock_in(old, 3, net);
	second = sock_in(new, 3, net);
	CHECK_OK(netlinksock_iter_init(&it, &g.k, net));
	expect(&it, first);
	expect(&it, second);
	expect(&it, gva(0));
}

/* A CPU that changes a chain sets bit 0 of its head. */
TEST(netlinksock, of_a_locked_bucket_are_seen)
{
	struct netlinksock_iter it;
	gva_t table, sock, head;
	uint64_t first;

	set_up();
	table = protocol_buckets(2);
	sock = sock_in(table, 5, net);
	head = gva_add(table, 64 + 8 * 5);
	CHECK_OK(kread_u64(&g.k, head, &first));
	fake_u64(&g, head, first | 1);
	fake_u64(&g, kfield_at(&g.k, sock, F_netlink_sock_node), 2 * 5 + 1); /* a nulls marker */
	CHECK_OK(netlinksock_iter_init(&it, &g.k, net));
	expect(&it, sock);
	expect(&it, gva(0));
}

TEST(netlinksock, tables_in_a_circle_end_in_race)
{
	struct netlinksock_iter it;
	struct sock_head head;
	gva_t table;

	set_up();
	table = protocol_buckets(0);
	fake_set(&g, table, F_bucket_table_future, table.v);
	CHECK_OK(netlinksock_iter_init(&it, &g.k, net));
	CHECK_ERR(netlinksock_iter_next(&it, &g.k, &head), ERR_RACE);
	fake_set(&g, table, F_bucket_table_size, UINT32_MAX);
	CHECK_ERR(netlinksock_iter_init(&it, &g.k, net), ERR_RACE);
}

TEST(netlinksock, shows_port_and_groups)
{
	struct netlinksock n;
	gva_t sock, groups;

	set_up();
	sock = fake_sock(&g, net, 16, 7);
	fake_set(&g, sock, F_netlink_sock_portid, 4321);
	CHECK_OK(netlinksock_read(&g.k, sock, &n));
	CU_ASSERT_EQUAL(n.portid, 4321);
	CU_ASSERT_EQUAL(n.groups, 0);
	CU_ASSERT_FALSE(n.dumping);
	groups = fake_alloc(&g, 8, 8);
	fake_u64(&g, groups, UINT64_C(0x500000011));
	fake_set(&g, sock, F_netlink_sock_groups, groups.v);
	fake_set(&g, sock, F_netlink_sock_cb_running, 1);
	CHECK_OK(netlinksock_read(&g.k, sock, &n));
	CU_ASSERT_EQUAL(n.groups, 0x11);
	CU_ASSERT_TRUE(n.dumping);
}
