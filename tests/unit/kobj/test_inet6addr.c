/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/inet6addr.h"

static struct fake_guest g;
static struct inet6addr_iter it;
static gva_t net, heads, dev;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_inet6_ifaddr_addr, 0, 16);
	fake_field(&g, F_inet6_ifaddr_prefix_len, 16, 4);
	fake_field(&g, F_inet6_ifaddr_flags, 20, 4);
	fake_field(&g, F_inet6_ifaddr_scope, 24, 2);
	fake_field(&g, F_inet6_ifaddr_idev, 32, 8);
	fake_field(&g, F_inet6_ifaddr_list, 40, 16);
	fake_field(&g, F_inet6_dev_dev, 0, 8);
	fake_field(&g, F_net_device_net, 8, 8);
	net = fake_alloc(&g, 64, 8);
	heads = fake_alloc(&g, 8 * 256, 8);
	dev = fake_alloc(&g, 64, 8);
	fake_set(&g, dev, F_net_device_net, net.v);
	fake_symbol_at(&g, S_inet6_addr_lst, heads);
}

static void addr_add(unsigned bucket, uint8_t last, gva_t on)
{
	gva_t addr = fake_alloc(&g, 64, 8), idev = fake_alloc(&g, 16, 8), head, first;

	head = gva_add(heads, 8 * bucket);
	fake_write(&g, gva_add(addr, 15), &last, 1);
	fake_set(&g, addr, F_inet6_ifaddr_prefix_len, 64);
	fake_set(&g, addr, F_inet6_ifaddr_scope, 0x20);
	fake_set(&g, addr, F_inet6_ifaddr_flags, 0x80);
	fake_set(&g, addr, F_inet6_ifaddr_idev, idev.v);
	fake_set(&g, idev, F_inet6_dev_dev, on.v);
	CHECK_OK(kread_ptr(&g.k, head, &first));
	fake_u64(&g, gva_add(addr, 40), first.v);
	fake_u64(&g, head, addr.v + 40);
}

static void expect(unsigned last)
{
	struct inet6addr a;

	CHECK_OK(inet6addr_iter_next(&it, &g.k, &a));
	CU_ASSERT_EQUAL(gva_is_null(a.dev), last == 0);
	if (!last)
		return;
	CU_ASSERT_EQUAL(a.bytes[15], last);
	CU_ASSERT_EQUAL(a.prefix_len, 64);
	CU_ASSERT_EQUAL(a.scope, 0x20);
	CU_ASSERT_EQUAL(a.flags, 0x80);
}

TEST(inet6addr, lists_the_addresses_of_a_namespace)
{
	gva_t foreign;

	set_up();
	foreign = fake_alloc(&g, 64, 8);
	addr_add(255, 3, dev);
	addr_add(0, 2, dev);
	addr_add(0, 9, foreign);
	addr_add(0, 1, dev);
	CHECK_OK(inet6addr_iter_init(&it, &g.k, net));
	expect(1);
	expect(2);
	expect(3);
	expect(0);
}

/* Since 5.18 */
TEST(inet6addr, may_be_in_a_table_of_the_namespace)
{
	set_up();
	addr_add(7, 4, dev);
	g.p.has_symbol[S_inet6_addr_lst] = false;
	fake_field(&g, F_net_inet6_addrs, 16, 8);
	fake_set(&g, net, F_net_inet6_addrs, heads.v);
	CHECK_OK(inet6addr_iter_init(&it, &g.k, net));
	expect(4);
	expect(0);
}
