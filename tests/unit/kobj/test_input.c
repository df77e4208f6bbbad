/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/input.h"
#include "transcall/kobj/kobject.h"

static struct fake_guest g;
static gva_t keyboard;

static gva_t kobject(gva_t at, const char *name, gva_t parent)
{
	fake_set(&g, at, F_kobject_name, fake_str(&g, name).v);
	fake_set(&g, at, F_kobject_parent, parent.v);
	return at;
}

/* One keyboard, /devices/input0, handled by kbd. */
static void set_up(void)
{
	gva_t list, handle;

	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_kobject_name, 8}, {F_kobject_parent, 8});
	FAKE_MEMBERS(&g, {F_input_dev_node, 16}, {F_input_dev_handles, 16},
		     {F_input_dev_kobject, 64}, {F_input_dev_name, 8}, {F_input_dev_phys, 8},
		     {F_input_dev_uniq, 8}, {F_input_dev_bus, 2}, {F_input_dev_vendor, 2},
		     {F_input_dev_product, 2}, {F_input_dev_version, 2});
	FAKE_MEMBERS(&g, {F_input_handle_node, 16}, {F_input_handle_name, 8});
	FAKE_MEMBERS(&g, {F_input_handler_node, 16}, {F_input_handler_name, 8},
		     {F_input_handler_filter, 8}, {F_input_handler_legacy_minors, 1},
		     {F_input_handler_minor, 4});
	list = fake_symbol(&g, S_input_dev_list, 16);
	fake_list(&g, list);
	keyboard = fake_object(&g);
	fake_set(&g, keyboard, F_input_dev_bus, 0x11);
	fake_set(&g, keyboard, F_input_dev_name, fake_str(&g, "keyboard").v);
	kobject(kfield_at(&g.k, keyboard, F_input_dev_kobject), "input0",
		kobject(fake_object(&g), "devices", gva(0)));
	fake_list_add(&g, list, kfield_at(&g.k, keyboard, F_input_dev_node));
	fake_list(&g, kfield_at(&g.k, keyboard, F_input_dev_handles));
	handle = fake_object(&g);
	fake_set(&g, handle, F_input_handle_name, fake_str(&g, "kbd").v);
	fake_list_add(&g, kfield_at(&g.k, keyboard, F_input_dev_handles),
		      kfield_at(&g.k, handle, F_input_handle_node));
}

static const struct err *first(struct input_device *ret)
{
	struct list_iter it;

	TRY(input_devices_init(&it, &g.k));
	return input_devices_next(&it, &g.k, ret);
}

TEST(input, a_device_has_numbers_names_and_a_path)
{
	struct input_device d;

	set_up();
	CHECK_OK(first(&d));
	CU_ASSERT_EQUAL(d.bus, 0x11);
	CU_ASSERT_STRING_EQUAL(d.name, "keyboard");
	CU_ASSERT_STRING_EQUAL(d.phys, "");
	CU_ASSERT_STRING_EQUAL(d.path, "/devices/input0");
}

TEST(input, a_device_has_handles)
{
	char name[INPUT_NAME_BYTES];
	struct list_iter it;

	set_up();
	CHECK_OK(input_handles_init(&it, &g.k, keyboard));
	CHECK_OK(input_handles_next(&it, &g.k, name));
	CU_ASSERT_STRING_EQUAL(name, "kbd");
	CHECK_OK(input_handles_next(&it, &g.k, name));
	CU_ASSERT_STRING_EQUAL(name, "");
}

TEST(input, a_handler_may_filter_and_have_a_minor)
{
	struct input_handler h;
	struct list_iter it;
	gva_t list, at;

	set_up();
	list = fake_symbol(&g, S_input_handler_list, 16);
	fake_list(&g, list);
	at = fake_object(&g);
	fake_set(&g, at, F_input_handler_name, fake_str(&g, "mousedev").v);
	fake_set(&g, at, F_input_handler_legacy_minors, 1);
	fake_set(&g, at, F_input_handler_minor, 32);
	fake_list_add(&g, list, kfield_at(&g.k, at, F_input_handler_node));
	CHECK_OK(input_handlers_init(&it, &g.k));
	CHECK_OK(input_handlers_next(&it, &g.k, &h));
	CU_ASSERT_STRING_EQUAL(h.name, "mousedev");
	CU_ASSERT(!h.filters && h.has_minor);
	CU_ASSERT_EQUAL(h.minor, 32);
	CHECK_OK(input_handlers_next(&it, &g.k, &h));
	CU_ASSERT(gva_is_null(h.at));
}

TEST(input, a_path_without_end_is_a_race_and_a_name_from_nowhere_a_fault)
{
	struct input_device d;
	gva_t object;
	char path[32];

	set_up();
	object = kfield_at(&g.k, keyboard, F_input_dev_kobject);
	fake_set(&g, object, F_kobject_parent, object.v);
	CHECK_ERR(first(&d), ERR_RACE);
	set_up();
	object = kfield_at(&g.k, keyboard, F_input_dev_kobject);
	CHECK_ERR(kobject_path(&g.k, object, path, 12), ERR_RACE);
	CHECK_OK(kobject_path(&g.k, object, path, sizeof(path)));
	fake_set(&g, object, F_kobject_name, 0);
	CHECK_OK(kobject_path(&g.k, object, path, sizeof(path)));
	CU_ASSERT_STRING_EQUAL(path, "");
	fake_set(&g, keyboard, F_input_dev_name, 0x1000);
	CHECK_ERR(first(&d), ERR_FAULT);
}
