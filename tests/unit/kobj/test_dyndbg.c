/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/dyndbg.h"

static struct fake_guest g;
static gva_t list, table, messages;

static gva_t module(const char *name, uint64_t count)
{
	gva_t at = fake_object(&g);

	messages = fake_alloc(&g, 64 * (count + 1), 8);
	fake_set(&g, at, F_ddebug_table_mod_name, fake_str(&g, name).v);
	fake_set(&g, at, F_ddebug_table_num_ddebugs, count);
	fake_set(&g, at, F_ddebug_table_ddebugs, messages.v);
	fake_list(&g, kfield_at(&g.k, at, F_ddebug_table_maps));
	fake_list_add(&g, list, kfield_at(&g.k, at, F_ddebug_table_link));
	for (uint64_t i = 0; i < count; i++) {
		gva_t message = gva_add(messages, 64 * i);

		fake_set(&g, message, F_ddebug_function, fake_str(&g, "start").v);
		fake_set(&g, message, F_ddebug_filename, fake_str(&g, "init/main.c").v);
		fake_set(&g, message, F_ddebug_format, fake_str(&g, "hello\n").v);
		fake_set(&g, message, F_ddebug_lineno, 10 + i);
		fake_set(&g, message, F_ddebug_flags, 1);
	}
	return at;
}

/* An empty module, and one with two messages. */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_ddebug_table_link, 16}, {F_ddebug_table_maps, 16},
		     {F_ddebug_table_mod_name, 8}, {F_ddebug_table_num_ddebugs, 4},
		     {F_ddebug_table_ddebugs, 8});
	g.p.sizes[SIZE_ddebug] = 64;
	fake_field(&g, F_ddebug_function, 0, 8);
	fake_field(&g, F_ddebug_filename, 8, 8);
	fake_field(&g, F_ddebug_format, 16, 8);
	fake_field(&g, F_ddebug_lineno, 24, 4);
	fake_field(&g, F_ddebug_flags, 28, 4);
	list = fake_symbol(&g, S_ddebug_tables, 16);
	fake_list(&g, list);
	module("empty", 0);
	table = module("main", 2);
}

TEST(dyndbg, messages_come_module_by_module)
{
	struct dyndbg_iter it;
	struct dyndbg d;

	set_up();
	CHECK_OK(dyndbg_iter_init(&it, &g.k));
	for (uint32_t line = 10; line < 12; line++) {
		CHECK_OK(dyndbg_iter_next(&it, &g.k, &d));
		CU_ASSERT_STRING_EQUAL(d.module, "main");
		CU_ASSERT_STRING_EQUAL(d.file, "init/main.c");
		CU_ASSERT_STRING_EQUAL(d.function, "start");
		CU_ASSERT_STRING_EQUAL(d.format, "hello\n");
		CU_ASSERT_EQUAL(d.line, line);
		CU_ASSERT_EQUAL(d.flags, 1);
		CU_ASSERT_EQUAL(d.class_id, DYNDBG_CLASS_NONE);
	}
	CHECK_OK(dyndbg_iter_next(&it, &g.k, &d));
	CU_ASSERT(gva_is_null(d.at));
}

TEST(dyndbg, a_class_has_the_name_that_its_module_gives)
{
	char name[DYNDBG_NAME_BYTES];
	struct dyndbg d = {.class_id = 5};
	gva_t map, names;

	set_up();
	d.table = table;
	CHECK_ERR(dyndbg_class_name(&g.k, &d, name), ERR_ABSENT);
	FAKE_MEMBERS(&g, {F_ddebug_class_map_link, 16}, {F_ddebug_class_map_base, 4},
		     {F_ddebug_class_map_length, 4}, {F_ddebug_class_map_names, 8});
	map = fake_object(&g);
	names = fake_alloc(&g, 16, 8);
	fake_u64(&g, gva_add(names, 8), fake_str(&g, "DRM_UT_KMS").v);
	fake_set(&g, map, F_ddebug_class_map_base, 4);
	fake_set(&g, map, F_ddebug_class_map_length, 2);
	fake_set(&g, map, F_ddebug_class_map_names, names.v);
	fake_list_add(&g, kfield_at(&g.k, table, F_ddebug_table_maps),
		      kfield_at(&g.k, map, F_ddebug_class_map_link));
	CHECK_OK(dyndbg_class_name(&g.k, &d, name));
	CU_ASSERT_STRING_EQUAL(name, "DRM_UT_KMS");
}

/* What cannot be read of one message does not hide the next. */
TEST(dyndbg, a_message_at_nowhere_is_a_fault)
{
	struct dyndbg_iter it;
	struct dyndbg d;

	set_up();
	fake_set(&g, messages, F_ddebug_format, 0x1000);
	CHECK_OK(dyndbg_iter_init(&it, &g.k));
	CHECK_ERR(dyndbg_iter_next(&it, &g.k, &d), ERR_FAULT);
	CHECK_OK(dyndbg_iter_next(&it, &g.k, &d));
	CU_ASSERT_EQUAL(d.line, 11);
}

TEST(dyndbg, a_list_that_loops_is_a_race)
{
	struct dyndbg_iter it;
	struct dyndbg d;
	gva_t link;

	set_up();
	link = kfield_at(&g.k, table, F_ddebug_table_link);
	fake_u64(&g, link, link.v);
	fake_set(&g, table, F_ddebug_table_num_ddebugs, 0);
	CHECK_OK(dyndbg_iter_init(&it, &g.k));
	CHECK_ERR(dyndbg_iter_next(&it, &g.k, &d), ERR_RACE);
}
