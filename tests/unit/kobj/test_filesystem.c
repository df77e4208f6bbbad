/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/filesystem.h"

static struct fake_guest g;
static gva_t head;

static void set_up(bool linked)
{
	fake_guest_init(&g);
	fake_field(&g, F_file_system_type_name, 0, 8);
	fake_field(&g, F_file_system_type_flags, 8, 4);
	fake_field(&g, linked ? F_file_system_type_next : F_file_system_type_list, 24, 8);
	head = fake_symbol(&g, S_file_systems, 8);
}

static gva_t type_new(const char *name, uint32_t flags)
{
	gva_t type = fake_alloc(&g, 64, 8);

	fake_set(&g, type, F_file_system_type_name, fake_str(&g, name).v);
	fake_set(&g, type, F_file_system_type_flags, flags);
	return type;
}

static void expect(struct filesystem_iter *it, const char *name, bool needs_device)
{
	struct filesystem fs;
	bool end;

	CHECK_OK(filesystem_iter_next(it, &g.k, &fs, &end));
	CU_ASSERT_EQUAL(end, name == NULL);
	if (!name)
		return;
	CU_ASSERT_STRING_EQUAL(fs.name, name);
	CU_ASSERT_EQUAL(fs.needs_device, needs_device);
}

TEST(filesystem, types_point_at_each_other)
{
	struct filesystem_iter it;
	gva_t sysfs, ext4;

	set_up(true);
	sysfs = type_new("sysfs", 8);
	ext4 = type_new("ext4", 1);
	fake_u64(&g, head, sysfs.v);
	fake_set(&g, sysfs, F_file_system_type_next, ext4.v);
	CHECK_OK(filesystem_iter_init(&it, &g.k));
	expect(&it, "sysfs", false);
	expect(&it, "ext4", true);
	expect(&it, NULL, false);
}

/* Since 7.2 */
TEST(filesystem, types_are_in_a_list)
{
	struct filesystem_iter it;
	gva_t sysfs, ext4;

	set_up(false);
	sysfs = type_new("sysfs", 8);
	ext4 = type_new("ext4", 1);
	fake_u64(&g, head, sysfs.v + 24);
	fake_set(&g, sysfs, F_file_system_type_list, ext4.v + 24);
	CHECK_OK(filesystem_iter_init(&it, &g.k));
	expect(&it, "sysfs", false);
	expect(&it, "ext4", true);
	expect(&it, NULL, false);
}

TEST(filesystem, a_circle_ends_in_race)
{
	struct filesystem_iter it;
	const struct err *e = NULL;
	struct filesystem fs;
	bool end;
	gva_t sysfs;

	set_up(true);
	sysfs = type_new("sysfs", 8);
	fake_u64(&g, head, sysfs.v);
	fake_set(&g, sysfs, F_file_system_type_next, sysfs.v);
	CHECK_OK(filesystem_iter_init(&it, &g.k));
	for (unsigned i = 0; i < 100000 && !e; i++)
		e = filesystem_iter_next(&it, &g.k, &fs, &end);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_EQUAL(e->kind, ERR_RACE);
}
