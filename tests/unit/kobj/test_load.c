/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/load.h"

#define FREQ (5 * 250 + 1)
#define DUE  100000

static struct fake_guest g;

/* Loads of 1.00, 0.50, 0.25; nobody runs. */
static void set_up(int64_t tasks)
{
	fake_guest_init(&g);
	gva_t loads = fake_symbol(&g, S_avenrun, 24);
	fake_u64(&g, loads, 2048);
	fake_u64(&g, gva_add(loads, 8), 1024);
	fake_u64(&g, gva_add(loads, 16), 512);
	fake_variable(&g, S_calc_load_tasks, (uint64_t)tasks);
	fake_variable(&g, S_calc_load_update, DUE);
	fake_variable(&g, S_calc_load_idx, 0);
	fake_symbol(&g, S_calc_load_nohz, 16);
}

TEST(load, is_as_stored_until_the_next_update_is_due)
{
	struct load load;

	set_up(0);
	CHECK_OK(load_read(&g.k, DUE + 9, &load));
	CU_ASSERT_EQUAL(load.average[0], 2048);
	CU_ASSERT_EQUAL(load.average[2], 512);
}

TEST(load, decays_once_when_due)
{
	struct load load;

	set_up(0);
	CHECK_OK(load_read(&g.k, DUE + 10, &load));
	CU_ASSERT_EQUAL(load.average[0], 1884);
	CU_ASSERT_EQUAL(load.average[1], 1007);
	CU_ASSERT_EQUAL(load.average[2], 512 * 2037 / 2048);
}

TEST(load, grows_with_running_tasks)
{
	struct load load;

	set_up(1);
	CHECK_OK(load_read(&g.k, DUE + 10, &load));
	CU_ASSERT_EQUAL(load.average[0], 2048);
	/* 0.5 * e + 1 * (1 - e), rounded up towards the goal */
	CU_ASSERT_EQUAL(load.average[1], (1024 * 2014 + 2048 * (2048 - 2014) + 2047) / 2048);
}

TEST(load, counts_what_sleeping_cpus_have_not_handed_in)
{
	struct load load;

	set_up(3);
	fake_u64(&g, gva(g.p.symbols[S_calc_load_nohz]), (uint64_t)-3);
	CHECK_OK(load_read(&g.k, DUE + 10, &load));
	CU_ASSERT_EQUAL(load.average[0], 1884);
	/* the other slot is for the window that begins */
	fake_variable(&g, S_calc_load_idx, 1);
	CHECK_OK(load_read(&g.k, DUE + 10, &load));
	CU_ASSERT(load.average[0] > 2048);
}

TEST(load, catches_up_after_a_long_sleep)
{
	struct load load, twice;

	/* One step, then one step to the power of 1: as two single steps. */
	set_up(0);
	CHECK_OK(load_read(&g.k, DUE + 10 + FREQ, &twice));
	CU_ASSERT_EQUAL(twice.average[0], 1884 * 1884 / 2048);
	CHECK_OK(load_read(&g.k, DUE + 10 + 2 * FREQ - 1, &load));
	CU_ASSERT_EQUAL(load.average[0], twice.average[0]);
	CHECK_OK(load_read(&g.k, DUE + 10 + 2 * FREQ, &load));
	CU_ASSERT(load.average[0] < twice.average[0]);
	CHECK_OK(load_read(&g.k, DUE + 10 + (uint64_t)1000000 * FREQ, &load));
	CU_ASSERT_EQUAL(load.average[0], 0);
	CU_ASSERT_EQUAL(load.average[2], 0);
}

TEST(load, takes_a_negative_count_for_none)
{
	struct load load;

	set_up(-5);
	CHECK_OK(load_read(&g.k, DUE + 10, &load));
	CU_ASSERT_EQUAL(load.average[0], 1884);
}
