/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <time.h>

#include "tests/lib/unit.h"
#include "transcall/vfs/vfs.h"

static unsigned wants, sleeps;

static const struct err *want(void *context, uint64_t sets)
{
	(void)context;
	(void)sets;
	wants++;
	return NULL;
}

static void slept(void *context)
{
	(void)context;
	sleeps++;
}

static struct guest guest = {.want = want, .slept = slept};
static struct vfs v;

static void set_up(void)
{
	wants = sleeps = 0;
	v = (struct vfs){.guest = &guest, .shadow.generation = SHADOW_GENERATION_FIRST};
	vfs_started(&v);
}

static void wait_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

TEST(fresh, one_snapshot_while_the_tool_is_busy)
{
	set_up();
	CHECK_OK(vfs_want(&v, "/proc"));
	CHECK_OK(vfs_want(&v, "/proc/1/stat"));
	vfs_program_started(&v);
	CHECK_OK(vfs_want(&v, "/proc/2/stat"));
	CU_ASSERT_EQUAL(wants, 1);
	CU_ASSERT_EQUAL(sleeps, 0);
	CU_ASSERT_EQUAL(v.shadow.generation, SHADOW_GENERATION_FIRST);
}

TEST(fresh, after_a_sleep_another)
{
	set_up();
	CHECK_OK(vfs_want(&v, "/proc"));
	vfs_sleeps(&v);
	wait_ms(20);
	CU_ASSERT_TRUE(vfs_is_stale(&v));
	CHECK_OK(vfs_want(&v, "/proc"));
	CU_ASSERT_FALSE(vfs_is_stale(&v));
	CHECK_OK(vfs_want(&v, "/proc"));
	CU_ASSERT_EQUAL(wants, 2);
	CU_ASSERT_EQUAL(sleeps, 1);
	CU_ASSERT_EQUAL(v.shadow.generation, SHADOW_GENERATION_FIRST + 1);
}

TEST(fresh, a_poll_that_was_ready_is_no_sleep)
{
	set_up();
	CHECK_OK(vfs_want(&v, "/proc"));
	vfs_sleeps(&v);
	CHECK_OK(vfs_want(&v, "/proc"));
	CU_ASSERT_EQUAL(sleeps, 0);
	wait_ms(20); /* it was forgotten, too */
	CHECK_OK(vfs_want(&v, "/proc"));
	CU_ASSERT_EQUAL(sleeps, 0);
}

TEST(fresh, sleeping_before_the_first_touch_counts)
{
	set_up();
	vfs_sleeps(&v);
	wait_ms(20);
	CHECK_OK(vfs_want(&v, "/proc"));
	CU_ASSERT_EQUAL(sleeps, 1);
}

TEST(fresh, a_program_started_much_later_sees_new_data)
{
	set_up();
	CHECK_OK(vfs_want(&v, "/proc"));
	wait_ms(1100);
	vfs_program_started(&v);
	CHECK_OK(vfs_want(&v, "/proc"));
	CU_ASSERT_EQUAL(sleeps, 1);
}
