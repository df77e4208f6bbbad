/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/mtrr.h"

static struct fake_guest g;
static gva_t ranges;

/* Two ranges; addresses have 40 bits. */
static void set_up(void)
{
	gva_t state;

	fake_guest_init(&g);
	fake_field(&g, F_mtrr_state_var_ranges, 16, 4096);
	FAKE_MEMBERS(&g, {F_mtrr_var_range_base_lo, 4}, {F_mtrr_var_range_base_hi, 4},
		     {F_mtrr_var_range_mask_lo, 4}, {F_mtrr_var_range_mask_hi, 4});
	g.p.sizes[SIZE_mtrr_var_range] = 64;
	state = fake_symbol(&g, S_mtrr_state, 4096 + 16);
	ranges = kfield_at(&g.k, state, F_mtrr_state_var_ranges);
	fake_variable(&g, S_num_var_ranges, 2);
	fake_u32(&g, gva_add(fake_symbol(&g, S_mtrr_usage_table, 1024), 4), 5);
	fake_field(&g, F_cpuinfo_x86_phys_bits, 8, 1);
	fake_set(&g, fake_symbol(&g, S_boot_cpu_data, 64), F_cpuinfo_x86_phys_bits, 40);
}

static void set_range(unsigned i, uint64_t base, uint64_t mask)
{
	gva_t at = gva_add(ranges, 64 * (uint64_t)i);

	fake_set(&g, at, F_mtrr_var_range_base_lo, (uint32_t)base);
	fake_set(&g, at, F_mtrr_var_range_base_hi, base >> 32);
	fake_set(&g, at, F_mtrr_var_range_mask_lo, (uint32_t)mask);
	fake_set(&g, at, F_mtrr_var_range_mask_hi, mask >> 32);
}

TEST(mtrr, a_range_has_a_base_a_size_and_a_type)
{
	struct mtrr_range r;
	unsigned count;

	set_up();
	CHECK_OK(mtrr_count(&g.k, &count));
	CU_ASSERT_EQUAL(count, 2);
	set_range(1, 0x80000006, 0xff80000800); /* 2 GB at 2 GB, write-back */
	CHECK_OK(mtrr_read(&g.k, 0, &r));
	CU_ASSERT_EQUAL(r.size_pages, 0);
	CHECK_OK(mtrr_read(&g.k, 1, &r));
	CU_ASSERT_EQUAL(r.base_pages, 0x80000);
	CU_ASSERT_EQUAL(r.size_pages, 0x80000);
	CU_ASSERT_EQUAL(r.type, 6);
	CU_ASSERT_EQUAL(r.users, 5);
}

TEST(mtrr, a_mask_of_nothing_is_all_there_can_be)
{
	struct mtrr_range r;

	set_up();
	set_range(0, 0, 0x800);
	CHECK_OK(mtrr_read(&g.k, 0, &r));
	CU_ASSERT_EQUAL(r.size_pages, UINT64_C(1) << 28);
	set_range(0, 0, 0xfffffffffffff800);
	CHECK_OK(mtrr_read(&g.k, 0, &r));
	CU_ASSERT_EQUAL(r.size_pages, 1);
	fake_set(&g, kernel_symbol(&g.k, S_boot_cpu_data), F_cpuinfo_x86_phys_bits, 200);
	set_range(0, 0, 0x800);
	CHECK_ERR(mtrr_read(&g.k, 0, &r), ERR_RACE);
}

TEST(mtrr, more_than_can_be_are_a_race_and_none_absent)
{
	unsigned count;

	set_up();
	fake_u32(&g, kernel_symbol(&g.k, S_num_var_ranges), 257);
	CHECK_ERR(mtrr_count(&g.k, &count), ERR_RACE);
	g.p.fields[F_mtrr_state_var_ranges] = (struct field){0};
	CHECK_ERR(mtrr_count(&g.k, &count), ERR_ABSENT);
}
