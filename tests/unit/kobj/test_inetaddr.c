/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/inetaddr.h"

#include <string.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

static struct fake_guest g;
static struct inetaddr_iter it;
static gva_t dev, in_device;

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_net_device_ip_ptr, 0, 8},      {F_in_device_ifa_list, 0, 8},
	{F_in_ifaddr_next, 0, 8},         {F_in_ifaddr_local, 8, 4},
	{F_in_ifaddr_address, 12, 4},     {F_in_ifaddr_broadcast, 16, 4},
	{F_in_ifaddr_rt_priority, 20, 4}, {F_in_ifaddr_flags, 24, 4},
	{F_in_ifaddr_prefixlen, 28, 1},   {F_in_ifaddr_scope, 29, 1},
	{F_in_ifaddr_label, 32, 16},      {F_in_ifaddr_preferred_lft, 48, 4},
	{F_in_ifaddr_valid_lft, 52, 4},   {F_in_ifaddr_cstamp, 56, 8},
	{F_in_ifaddr_tstamp, 64, 8},
};

static void set_up(void)
{
	fake_guest_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, members[i].size);
	dev = fake_alloc(&g, 64, 8);
	in_device = fake_alloc(&g, 64, 8);
	fake_set(&g, dev, F_net_device_ip_ptr, in_device.v);
}

TEST(inetaddr, lists_the_addresses_of_a_device)
{
	struct inetaddr a;
	gva_t at;
	bool end;

	set_up();
	at = fake_alloc(&g, 128, 8);
	fake_set(&g, in_device, F_in_device_ifa_list, at.v);
	fake_set(&g, at, F_in_ifaddr_local, 0x0100007f);
	fake_set(&g, at, F_in_ifaddr_prefixlen, 8);
	fake_write(&g, gva_add(at, 32), "lo:with-no-end!!", 16);
	CHECK_OK(inetaddr_iter_init(&it, &g.k, dev));
	CHECK_OK(inetaddr_iter_next(&it, &g.k, &a, &end));
	CU_ASSERT_FALSE(end);
	CU_ASSERT_EQUAL(a.local, 0x0100007f);
	CU_ASSERT_EQUAL(a.prefix_len, 8);
	CU_ASSERT_EQUAL(strlen(a.label), 16);
	CHECK_OK(inetaddr_iter_next(&it, &g.k, &a, &end));
	CU_ASSERT_TRUE(end);
}

TEST(inetaddr, a_list_in_a_circle_ends_in_race)
{
	const struct err *e = NULL;
	struct inetaddr a;
	bool end = false;
	gva_t at;

	set_up();
	at = fake_alloc(&g, 128, 8);
	fake_set(&g, in_device, F_in_device_ifa_list, at.v);
	fake_set(&g, at, F_in_ifaddr_next, at.v);
	CHECK_OK(inetaddr_iter_init(&it, &g.k, dev));
	while (!e && !end)
		e = inetaddr_iter_next(&it, &g.k, &a, &end);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_EQUAL(e->kind, ERR_RACE);
}

TEST(inetaddr, lives_run_out_unless_forever)
{
	struct inetaddr_times t = {.preferred = 5, .valid = 30, .updated = 1000};

	set_up();
	fake_variable(&g, S_jiffies, 1000 + 10 * 250);
	CHECK_OK(inetaddr_times_left(&g.k, &t));
	CU_ASSERT_EQUAL(t.preferred, 0);
	CU_ASSERT_EQUAL(t.valid, 20);
	t = (struct inetaddr_times){.preferred = INETADDR_FOREVER, .valid = INETADDR_FOREVER};
	CHECK_OK(inetaddr_times_left(&g.k, &t));
	CU_ASSERT_EQUAL(t.valid, INETADDR_FOREVER);
}
