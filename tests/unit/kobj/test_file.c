/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/file.h"

enum { FDS = 256 };

static struct fake_guest g;
static gva_t task, fdt, array, bits;

static void set_up(void)
{
	gva_t files;

	fake_guest_init(&g);
	fake_field(&g, F_task_struct_files, 8, 8);
	fake_field(&g, F_files_struct_fdt, 16, 8);
	fake_field(&g, F_fdtable_max_fds, 0, 4);
	fake_field(&g, F_fdtable_fd, 8, 8);
	fake_field(&g, F_fdtable_close_on_exec, 16, 8);
	task = fake_alloc(&g, 64, 8);
	files = fake_alloc(&g, 64, 8);
	fdt = fake_alloc(&g, 64, 8);
	array = fake_alloc(&g, 8 * FDS, 8);
	bits = fake_alloc(&g, FDS / 8, 8);
	fake_set(&g, task, F_task_struct_files, files.v);
	fake_set(&g, files, F_files_struct_fdt, fdt.v);
	fake_set(&g, fdt, F_fdtable_max_fds, FDS);
	fake_set(&g, fdt, F_fdtable_fd, array.v);
	fake_set(&g, fdt, F_fdtable_close_on_exec, bits.v);
}

static void open_fd(uint32_t fd)
{
	fake_u64(&g, gva_add(array, 8 * (uint64_t)fd), 0xffff888000000000 | (fd + 1) << 8);
}

TEST(fdtable, lists_open_descriptors_in_order)
{
	static const uint32_t open[] = {0, 2, 63, 64, 127, 200, 255};
	struct fdtable table;
	uint32_t fd = 0;
	gva_t file;

	set_up();
	for (unsigned i = 0; i < 7; i++)
		open_fd(open[i]);
	CHECK_OK(fdtable_read(&g.k, task, &table));
	for (unsigned i = 0; i < 7; i++, fd++) {
		CHECK_OK(fdtable_next(&g.k, &table, &fd, &file));
		CU_ASSERT_EQUAL(fd, open[i]);
		CU_ASSERT_EQUAL(file.v, 0xffff888000000000 | (open[i] + 1) << 8);
	}
	CHECK_OK(fdtable_next(&g.k, &table, &fd, &file));
	CU_ASSERT_TRUE(gva_is_null(file));
}

TEST(fdtable, an_empty_table_lists_nothing)
{
	struct fdtable table;
	uint32_t fd = 0;
	gva_t file;

	set_up();
	CHECK_OK(fdtable_read(&g.k, task, &table));
	CHECK_OK(fdtable_next(&g.k, &table, &fd, &file));
	CU_ASSERT_TRUE(gva_is_null(file));
	CHECK_OK(fdtable_file(&g.k, &table, 7, &file));
	CU_ASSERT_TRUE(gva_is_null(file));
	CHECK_OK(fdtable_file(&g.k, &table, FDS, &file)); /* beyond the array: not read */
	CU_ASSERT_TRUE(gva_is_null(file));
}

TEST(fdtable, tells_what_exec_closes)
{
	struct fdtable table;
	uint8_t byte = 1 << 3;
	bool cloexec;

	set_up();
	fake_write(&g, gva_add(bits, 2), &byte, 1);
	CHECK_OK(fdtable_read(&g.k, task, &table));
	CHECK_OK(fdtable_close_on_exec(&g.k, &table, 19, &cloexec));
	CU_ASSERT_TRUE(cloexec);
	CHECK_OK(fdtable_close_on_exec(&g.k, &table, 18, &cloexec));
	CU_ASSERT_FALSE(cloexec);
}

TEST(fdtable, of_a_zombie_is_absent)
{
	struct fdtable table;

	set_up();
	fake_set(&g, task, F_task_struct_files, 0);
	CHECK_ERR(fdtable_read(&g.k, task, &table), ERR_ABSENT);
}

TEST(fdtable, too_large_is_refused_and_a_hole_faults)
{
	struct fdtable table;
	uint32_t fd = 0;
	gva_t file;

	set_up();
	fake_set(&g, fdt, F_fdtable_max_fds, 1u << 30);
	CHECK_ERR(fdtable_read(&g.k, task, &table), ERR_RACE);
	fake_set(&g, fdt, F_fdtable_max_fds, 1u << 24);
	CHECK_OK(fdtable_read(&g.k, task, &table));
	CHECK_ERR(fdtable_next(&g.k, &table, &fd, &file), ERR_FAULT);
}

/* Of a table that is longer than its array, what follows a hole is still found. */
TEST(fdtable, goes_on_behind_what_cannot_be_read)
{
	struct fdtable table;
	uint32_t fd = 0;
	gva_t file;

	set_up();
	open_fd(3);
	CHECK_OK(fdtable_read(&g.k, task, &table));
	table.fd = gva(FAKE_BASE - 8 * 64); /* the first 64 are not mapped */
	CHECK_ERR(fdtable_next(&g.k, &table, &fd, &file), ERR_FAULT);
	CU_ASSERT_EQUAL(fd, 63);
	table.max_fds = 100;
	table.fd = gva_sub(array, 8 * 64);
	fd++;
	CHECK_OK(fdtable_next(&g.k, &table, &fd, &file));
	CU_ASSERT_EQUAL(fd, 67);
}
