/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/ptype.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

enum { BASES = 16 };

static struct fake_guest g;
static gva_t net, all, bases, dev;
static struct ptype_iter it;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_net_dev_base, 8, 16);
	fake_field(&g, F_net_ptype_all, 24, 16);
	fake_field(&g, F_net_ptype_specific, 40, 16);
	fake_field(&g, F_net_device_list, 0, 16);
	fake_field(&g, F_net_device_ptype_all, 24, 16);
	fake_field(&g, F_packet_type_type, 0, 2);
	fake_field(&g, F_packet_type_net, 8, 8);
	fake_field(&g, F_packet_type_func, 16, 8);
	fake_field(&g, F_packet_type_list, 24, 16);
	net = fake_alloc(&g, 64, 64);
	dev = fake_alloc(&g, 64, 64);
	all = fake_symbol(&g, S_ptype_all, 16);
	bases = fake_symbol(&g, S_ptype_base, 16 * BASES);
	fake_list(&g, all);
	for (unsigned i = 0; i < BASES; i++)
		fake_list(&g, gva_add(bases, 16 * i));
	for (unsigned at = 8; at <= 40; at += 16)
		fake_list(&g, gva_add(net, at));
	fake_list_add(&g, gva_add(net, 8), dev);
	fake_list(&g, gva_add(dev, 24));
}

/* @protocol: in network order */
static gva_t hook_add(gva_t list, uint16_t protocol, gva_t in)
{
	gva_t at = fake_alloc(&g, 64, 8);

	fake_set(&g, at, F_packet_type_type, protocol);
	fake_set(&g, at, F_packet_type_net, in.v);
	fake_set(&g, at, F_packet_type_func, 0x1234);
	fake_list_add(&g, list, gva_add(at, 24));
	return at;
}

static void expect(uint16_t protocol, gva_t on)
{
	struct ptype p;

	CHECK_OK(ptype_iter_next(&it, &g.k, &p));
	CU_ASSERT_FALSE(gva_is_null(p.at));
	CU_ASSERT_EQUAL(p.protocol, protocol);
	CU_ASSERT_EQUAL(p.dev.v, on.v);
	CU_ASSERT_EQUAL(p.func.v, 0x1234);
}

static void expect_end(void)
{
	struct ptype p;

	CHECK_OK(ptype_iter_next(&it, &g.k, &p));
	CU_ASSERT_TRUE(gva_is_null(p.at));
}

TEST(ptype, of_devices_then_of_any_protocol_then_by_protocol)
{
	set_up();
	fake_field(&g, F_net_ptype_all, 0, 0); /* before 6.16 */
	hook_add(gva_add(bases, 16 * 15), 0xdd86, gva(0));
	hook_add(bases, 0x0008, gva(0));
	hook_add(all, 0x0300, net);
	hook_add(all, 0x0300, fake_alloc(&g, 64, 8)); /* another namespace's */
	hook_add(gva_add(dev, 24), 0x0300, net);
	CHECK_OK(ptype_iter_init(&it, &g.k, net));
	expect(PTYPE_ALL, dev);
	expect(PTYPE_ALL, gva(0));
	expect(0x0800, gva(0));
	expect(0x86dd, gva(0));
	expect_end();
}

TEST(ptype, lists_of_the_namespace)
{
	set_up();
	hook_add(all, 0x0300, net);
	hook_add(gva_add(net, 24), 0x0300, net);
	hook_add(gva_add(net, 40), 0xcc88, net);
	hook_add(bases, 0x0008, gva(0));
	CHECK_OK(ptype_iter_init(&it, &g.k, net));
	expect(PTYPE_ALL, gva(0));
	expect(0x88cc, gva(0));
	expect(0x0800, gva(0));
	expect_end();
}

TEST(ptype, lists_that_loop_are_races)
{
	struct ptype p;
	gva_t at;

	set_up();
	at = hook_add(bases, 0x0008, gva(0));
	fake_u64(&g, gva_add(at, 24), at.v + 24);
	CHECK_OK(ptype_iter_init(&it, &g.k, net));
	expect(0x0800, gva(0));
	CHECK_ERR(ptype_iter_next(&it, &g.k, &p), ERR_RACE);
	expect_end();
}
