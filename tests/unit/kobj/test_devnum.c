/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/devnum.h"

#include <string.h>

static struct fake_guest g;
static gva_t table;

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_char_device_struct_next, 8}, {F_char_device_struct_major, 4},
		     {F_char_device_struct_name, 64});
	FAKE_MEMBERS(&g, {F_miscdevice_list, 16}, {F_miscdevice_minor, 4}, {F_miscdevice_name, 8});
	table = fake_symbol(&g, S_chrdevs, 255 * 8);
}

/* First in the chain of its major. */
static gva_t add_major(uint32_t major, const char *name)
{
	gva_t at = fake_object(&g), first = gva_add(table, 8 * (uint64_t)(major % 255)), next;

	CHECK_OK(kread_ptr(&g.k, first, &next));
	fake_set(&g, at, F_char_device_struct_next, next.v);
	fake_set(&g, at, F_char_device_struct_major, major);
	fake_write(&g, kfield_at(&g.k, at, F_char_device_struct_name), name, strlen(name) + 1);
	fake_u64(&g, first, at.v);
	return at;
}

static void check_next(struct devnum_iter *it, uint32_t number, const char *name)
{
	struct devnum d;

	CHECK_OK(devnum_majors_next(it, &g.k, &d));
	CU_ASSERT_EQUAL(d.number, number);
	CU_ASSERT_STRING_EQUAL(d.name, name);
}

/* 4 and 259 share a chain. */
TEST(devnum, majors_come_in_order_each_of_its_own_chain)
{
	struct devnum_iter it;
	struct devnum d;

	set_up();
	add_major(259, "blkext");
	add_major(4, "ttyS");
	add_major(4, "tty");
	add_major(1, "mem");
	devnum_majors_init(&it, DEVNUM_CHAR);
	check_next(&it, 1, "mem");
	check_next(&it, 4, "tty");
	check_next(&it, 4, "ttyS");
	check_next(&it, 259, "blkext");
	CHECK_OK(devnum_majors_next(&it, &g.k, &d));
	CU_ASSERT(gva_is_null(d.at));
}

TEST(devnum, a_chain_without_end_is_a_race)
{
	struct devnum_iter it;
	struct devnum d;
	gva_t at;

	set_up();
	at = add_major(200, "loop");
	fake_set(&g, at, F_char_device_struct_next, at.v);
	fake_set(&g, at, F_char_device_struct_major, 600);
	devnum_majors_init(&it, DEVNUM_CHAR);
	CHECK_ERR(devnum_majors_next(&it, &g.k, &d), ERR_RACE);
	CHECK_OK(devnum_majors_next(&it, &g.k, &d));
	CU_ASSERT(gva_is_null(d.at));
}

TEST(devnum, behind_a_chain_to_nowhere_come_the_others)
{
	struct devnum_iter it;
	struct devnum d;

	set_up();
	fake_u64(&g, gva_add(table, 8 * 4), 0x1000);
	add_major(5, "ptmx");
	devnum_majors_init(&it, DEVNUM_CHAR);
	CHECK_ERR(devnum_majors_next(&it, &g.k, &d), ERR_FAULT);
	check_next(&it, 5, "ptmx");
}

TEST(devnum, misc_devices_may_lack_a_name)
{
	gva_t list, at;
	struct list_iter it;
	struct devnum d;

	set_up();
	list = fake_symbol(&g, S_misc_list, 16);
	fake_list(&g, list);
	at = fake_object(&g);
	fake_set(&g, at, F_miscdevice_minor, 228);
	fake_list_add(&g, list, kfield_at(&g.k, at, F_miscdevice_list));
	CHECK_OK(devnum_misc_init(&it, &g.k));
	CHECK_OK(devnum_misc_next(&it, &g.k, &d));
	CU_ASSERT_EQUAL(d.number, 228);
	CU_ASSERT_STRING_EQUAL(d.name, "");
	CHECK_OK(devnum_misc_next(&it, &g.k, &d));
	CU_ASSERT(gva_is_null(d.at));
}
