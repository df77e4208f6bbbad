/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "vmm/vmmd/layout.h"

#define MIB (1ull << 20)
#define GIB (1ull << 30)

struct row {
	enum machine machine;
	uint64_t ram, max_below_4g, low, high;
};

/* as `info mtree -f` of QEMU 7.2 shows these machines */
static const struct row rows[] = {
	{MACHINE_Q35, 512 * MIB, 4 * GIB, 512 * MIB, 0},
	{MACHINE_Q35, 2815 * MIB, 4 * GIB, 2815 * MIB, 0},
	{MACHINE_Q35, 2816 * MIB, 4 * GIB, 2 * GIB, 768 * MIB},
	{MACHINE_Q35, 8 * GIB, 4 * GIB, 2 * GIB, 6 * GIB},
	{MACHINE_Q35, 8 * GIB, 0, 2 * GIB, 6 * GIB},
	{MACHINE_Q35, 8 * GIB, 1 * GIB, 1 * GIB, 7 * GIB},
	{MACHINE_PC, 3 * GIB, 0xe0000000, 3 * GIB, 0},
	{MACHINE_PC, 3583 * MIB, 0xe0000000, 3583 * MIB, 0},
	{MACHINE_PC, 3584 * MIB, 0xe0000000, 3 * GIB, 512 * MIB},
	{MACHINE_PC, 8 * GIB, 0, 3 * GIB, 5 * GIB},
	{MACHINE_PC, 8 * GIB, 2 * GIB, 2 * GIB, 6 * GIB},
};

TEST(layout, splits_as_the_machine_does)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct layout l;

		CHECK_OK(layout_of(rows[i].machine, rows[i].ram, rows[i].max_below_4g, &l));
		CU_ASSERT_EQUAL(l.low_bytes, rows[i].low);
		CU_ASSERT_EQUAL(l.high_bytes, rows[i].high);
	}
}

TEST(layout, frames_are_where_they_are)
{
	struct layout l;
	uint64_t at = 77;

	CHECK_OK(layout_of(MACHINE_Q35, 8 * GIB, 0, &l));
	CU_ASSERT_TRUE(layout_offset(&l, 0, &at));
	CU_ASSERT_EQUAL(at, 0);
	CU_ASSERT_TRUE(layout_offset(&l, 0x7ffff, &at));
	CU_ASSERT_EQUAL(at, 2 * GIB - 4096);
	CU_ASSERT_FALSE(layout_offset(&l, 0x80000, &at));
	CU_ASSERT_FALSE(layout_offset(&l, 0xfffff, &at));
	CU_ASSERT_TRUE(layout_offset(&l, 0x100000, &at));
	CU_ASSERT_EQUAL(at, 2 * GIB);
	CU_ASSERT_TRUE(layout_offset(&l, 0x27ffff, &at));
	CU_ASSERT_EQUAL(at, 8 * GIB - 4096);
	CU_ASSERT_FALSE(layout_offset(&l, 0x280000, &at));
	CU_ASSERT_FALSE(layout_offset(&l, UINT64_MAX, &at));
	CU_ASSERT_FALSE(layout_offset(&l, UINT64_MAX / 4096, &at));
	CU_ASSERT_EQUAL(layout_max_frame(&l), 0x27ffff);
}

TEST(layout, video_window_is_a_device_or_not)
{
	struct layout l;
	uint64_t at;

	CHECK_OK(layout_of(MACHINE_PC, 512 * MIB, 0, &l));
	CU_ASSERT_TRUE(layout_offset(&l, 0x9f, &at));
	CU_ASSERT_FALSE(layout_offset(&l, 0xa0, &at));
	CU_ASSERT_FALSE(layout_offset(&l, 0xbf, &at));
	CU_ASSERT_TRUE(layout_offset(&l, 0xc0, &at));
	l.legacy_hole = false;
	CU_ASSERT_TRUE(layout_offset(&l, 0xa0, &at));
	CU_ASSERT_EQUAL(layout_max_frame(&l), 0x1ffff);
}

TEST(layout, nonsense_is_refused)
{
	struct layout l;
	enum machine m;

	CHECK_ERR(layout_of(MACHINE_PC, 0, 0, &l), ERR_USAGE);
	CHECK_ERR(layout_of(MACHINE_PC, 512 * MIB + 1, 0, &l), ERR_USAGE);
	CHECK_ERR(layout_of(MACHINE_Q35, 2048 * GIB, 0, &l), ERR_USAGE);
	CHECK_ERR(machine_by_name("microvm", &m), ERR_USAGE);
	CHECK_OK(machine_by_name("pc", &m));
	CU_ASSERT_EQUAL(m, MACHINE_PC);
}
