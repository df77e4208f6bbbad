/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <time.h>

#include "tests/lib/unit.h"
#include "tests/trap/fake.h"
#include "transcall/sys/clock.h"

static struct proc_view view;
static struct guest guest = {.view = &view};

TEST(clock, runs_from_the_snapshot_on)
{
	struct clock c = {0};
	uint64_t wall, boot, wall2, boot2;

	CHECK_OK(clock_read(&c, &guest, 1, &wall, &boot));
	CU_ASSERT_TRUE(wall - fake_wall_ns() < 100000000);
	CU_ASSERT_TRUE(boot - fake_boot_ns() < 100000000);
	nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	CHECK_OK(clock_read(&c, &guest, 1, &wall2, &boot2));
	CU_ASSERT_TRUE(wall2 - wall >= 20000000);
	CU_ASSERT_TRUE(boot2 - boot >= 20000000);
}

TEST(clock, stands_still_while_the_supervisor_works)
{
	struct clock c = {0};
	uint64_t wall, boot, started;

	CHECK_OK(clock_read(&c, &guest, 1, &wall, &boot));
	started = clock_own_ns();
	nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	clock_stopped(&c, clock_own_ns() - started);
	CHECK_OK(clock_read(&c, &guest, 1, &wall, &boot));
	CU_ASSERT_TRUE(wall - fake_wall_ns() < 50000000);
}

TEST(clock, never_goes_back_when_the_snapshot_is_the_same)
{
	struct clock c = {0};
	uint64_t wall, boot, wall2, boot2;

	CHECK_OK(clock_read(&c, &guest, 1, &wall, &boot));
	nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	CHECK_OK(clock_read(&c, &guest, 2, &wall2, &boot2));
	CU_ASSERT_TRUE(wall2 > wall);
}

TEST(clock, skew_is_told_only_when_it_showed)
{
	struct clock c = {0};
	uint64_t wall, boot;

	CHECK_OK(clock_read(&c, &guest, 1, &wall, &boot));
	CU_ASSERT_EQUAL(clock_skew_seconds(&c), 0);
	c.native = true;
	CU_ASSERT_TRUE(clock_skew_seconds(&c) == (int64_t)(wall / 1000000000) - time(NULL) ||
		       clock_skew_seconds(&c) != 0);
}
