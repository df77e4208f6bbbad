/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_sock.h"
#include "transcall/kobj/packet.h"

enum { HOOK_OFFSET = 768, BASES = 16 };

static struct fake_guest g;
static gva_t net, all, bases, dev;
static struct packet_iter it;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_sock_init(&g);
	fake_field(&g, F_net_packet_list, 0, 8);
	fake_field(&g, F_net_dev_base, 8, 16);
	fake_field(&g, F_net_device_list, 0, 16);
	fake_field(&g, F_net_device_ifindex, 16, 4);
	fake_field(&g, F_net_device_ptype_all, 24, 16);
	fake_field(&g, F_net_device_ptype_specific, 40, 16);
	fake_field(&g, F_packet_type_type, 0, 2);
	fake_field(&g, F_packet_type_dev, 8, 8);
	fake_field(&g, F_packet_type_priv, 16, 8);
	fake_field(&g, F_packet_type_list, 24, 16);
	net = fake_alloc(&g, 64, 64);
	dev = fake_alloc(&g, 64, 64);
	all = fake_symbol(&g, S_ptype_all, 16);
	bases = fake_symbol(&g, S_ptype_base, 16 * BASES);
	fake_list(&g, all);
	for (unsigned i = 0; i < BASES; i++)
		fake_list(&g, gva_add(bases, 16 * i));
	fake_list(&g, gva_add(net, 8));
	fake_list_add(&g, gva_add(net, 8), dev);
	fake_list(&g, gva_add(dev, 24));
	fake_list(&g, gva_add(dev, 40));
	fake_set(&g, dev, F_net_device_ifindex, 7);
}

/* A socket for @protocol (in network order) on @on; @list: where its hook is, null: nowhere. */
static gva_t sock_new(unsigned protocol, gva_t on, gva_t list)
{
	gva_t sock = fake_sock(&g, net, 17, 7), hook = gva_add(sock, HOOK_OFFSET);

	fake_set(&g, hook, F_packet_type_type, protocol);
	fake_set(&g, hook, F_packet_type_dev, on.v);
	fake_set(&g, hook, F_packet_type_priv, sock.v);
	if (!gva_is_null(list))
		fake_list_add(&g, list, gva_add(hook, 24));
	fake_sock_hash(&g, net, sock, F_sock_node);
	return sock;
}

static void expect(gva_t sock, unsigned protocol, int32_t ifindex, bool running)
{
	struct packet_hook hook;

	CHECK_OK(packet_read_hook(&it, &g.k, sock, &hook));
	CU_ASSERT_EQUAL(hook.protocol, protocol);
	CU_ASSERT_EQUAL(hook.ifindex, ifindex);
	CU_ASSERT_EQUAL(hook.running, running);
}

TEST(packet, hooks_are_found_in_all_lists)
{
	gva_t tap, arp, bound, at;

	set_up();
	bound = sock_new(0x0608, dev, gva_add(dev, 40));
	arp = sock_new(0x0608, gva(0), gva_add(bases, 16 * 6));
	tap = sock_new(0x0300, gva(0), all);
	CHECK_OK(packet_iter_init(&it, &g.k, net));
	CHECK_OK(packet_iter_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, tap.v);
	expect(tap, 3, 0, true);
	CHECK_OK(packet_iter_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, arp.v);
	expect(arp, 0x0806, 0, true);
	CHECK_OK(packet_iter_next(&it, &g.k, &at));
	expect(bound, 0x0806, 7, true);
	CHECK_OK(packet_iter_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(packet, an_idle_socket_is_read_where_others_have_their_hook)
{
	struct packet_hook hook;
	gva_t idle;

	set_up();
	idle = sock_new(0x0300, dev, gva(0));
	CHECK_OK(packet_iter_init(&it, &g.k, net));
	CHECK_ERR(packet_read_hook(&it, &g.k, idle, &hook), ERR_ABSENT);
	sock_new(0x0300, gva(0), all);
	expect(idle, 3, 7, false);
}

TEST(packet, lists_of_hooks_that_loop_end_in_race)
{
	struct packet_hook hook;
	gva_t sock, other;

	set_up();
	other = sock_new(0x0300, gva(0), all);
	sock = sock_new(0x0300, gva(0), gva(0));
	fake_u64(&g, gva_add(other, HOOK_OFFSET + 24), other.v + HOOK_OFFSET + 24);
	CHECK_OK(packet_iter_init(&it, &g.k, net));
	CHECK_ERR(packet_read_hook(&it, &g.k, sock, &hook), ERR_RACE);
}
