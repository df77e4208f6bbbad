/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"

#include <string.h>

#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/tty.h"

static struct fake_guest g;
static struct task t;
static gva_t driver, terminal;

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_signal_struct_tty, 8});
	FAKE_MEMBERS(&g, {F_tty_struct_driver, 8}, {F_tty_struct_index, 4}, {F_tty_struct_name, 64},
		     {F_tty_struct_pgrp, 8});
	FAKE_MEMBERS(&g, {F_tty_driver_driver_name, 8}, {F_tty_driver_name, 8},
		     {F_tty_driver_name_base, 4}, {F_tty_driver_major, 4},
		     {F_tty_driver_minor_start, 4}, {F_tty_driver_num, 4}, {F_tty_driver_type, 4},
		     {F_tty_driver_subtype, 4}, {F_tty_driver_tty_drivers, 16});
	driver = fake_object(&g);
	terminal = fake_object(&g);
	fake_set(&g, terminal, F_tty_struct_driver, driver.v);
	t = (struct task){
		.at = fake_object(&g), .signal = fake_object(&g), .sighand = fake_object(&g)};
}

static void name_terminal(const char *name, uint32_t major, uint32_t minor_start, uint32_t index)
{
	fake_write(&g, kfield_at(&g.k, terminal, F_tty_struct_name), name, strlen(name) + 1);
	fake_set(&g, terminal, F_tty_struct_index, index);
	fake_set(&g, driver, F_tty_driver_major, major);
	fake_set(&g, driver, F_tty_driver_minor_start, minor_start);
	fake_set(&g, t.signal, F_signal_struct_tty, terminal.v);
}

static bool path_is(const char *expected)
{
	struct tty tty = {0};
	char path[TTY_NAME_BYTES + 8];

	CHECK_OK(tty_of_task(&g.k, &t, &tty));
	tty_path(&tty, path, sizeof(path));
	return strcmp(path, expected) == 0;
}

TEST(tty, of_a_task_has_a_device_and_a_path)
{
	struct tty tty;

	set_up();
	CHECK_OK(tty_of_task(&g.k, &t, &tty));
	CU_ASSERT(gva_is_null(tty.at));
	name_terminal("ttyS2", 4, 64, 2);
	CHECK_OK(tty_of_task(&g.k, &t, &tty));
	CU_ASSERT(tty.major == 4 && tty.minor == 66);
	CU_ASSERT(path_is("ttyS2"));
	name_terminal("pts300", 136, 0, 300);
	CHECK_OK(tty_of_task(&g.k, &t, &tty));
	CU_ASSERT(tty.major == 136 && tty.minor == 300);
	CU_ASSERT(path_is("pts/300"));
	t.sighand = gva(0);
	CHECK_OK(tty_of_task(&g.k, &t, &tty));
	CU_ASSERT(gva_is_null(tty.at));
}

TEST(tty, minors_may_run_over_into_the_next_major)
{
	struct tty tty;

	set_up();
	name_terminal("x", 10, (1u << 20) - 1, 3);
	CHECK_OK(tty_of_task(&g.k, &t, &tty));
	CU_ASSERT(tty.major == 11 && tty.minor == 2);
}

TEST(tty, drivers_without_a_name_are_unknown)
{
	struct tty_driver d;
	struct list_iter it;
	gva_t at, head;

	set_up();
	head = fake_symbol(&g, S_tty_drivers, 16);
	fake_list(&g, head);
	fake_list_add(&g, head, kfield_at(&g.k, driver, F_tty_driver_tty_drivers));
	fake_set(&g, driver, F_tty_driver_name, fake_str(&g, "tty").v);
	CHECK_OK(tty_drivers_init(&it, &g.k));
	CHECK_OK(tty_drivers_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, driver.v);
	CHECK_OK(tty_driver_read(&g.k, at, &d));
	CU_ASSERT_STRING_EQUAL(d.driver_name, "unknown");
	CU_ASSERT_STRING_EQUAL(d.name, "tty");
	CHECK_OK(tty_drivers_next(&it, &g.k, &at));
	CU_ASSERT(gva_is_null(at));
}
