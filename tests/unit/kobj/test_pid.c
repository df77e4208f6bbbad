/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_tasks.h"
#include "transcall/kobj/pid.h"

static struct fake_guest g;
static gva_t top;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_tasks_init(&g);
	top = kernel_symbol(&g.k, S_init_pid_ns);
}

TEST(pid, finds_leaders_and_threads_by_number)
{
	gva_t init, thread, at;

	set_up();
	init = fake_process(&g, 1, "init");
	thread = fake_thread(&g, init, 70, "helper");
	CHECK_OK(pid_find_task(&g.k, top, 1, &at));
	CU_ASSERT_EQUAL(at.v, init.v);
	CHECK_OK(pid_find_task(&g.k, top, 70, &at));
	CU_ASSERT_EQUAL(at.v, thread.v);
}

TEST(pid, numbers_that_nobody_has_are_absent)
{
	static const uint32_t numbers[] = {0,         2, 64, 4095, 4096, 1u << 22, (1u << 22) + 1,
					   UINT32_MAX};
	gva_t at;

	set_up();
	fake_process(&g, 1, "init");
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		CHECK_ERR(pid_find_task(&g.k, top, numbers[i], &at), ERR_ABSENT);
}

/* A struct pid outlives its task while it is a session, or while someone holds it. */
TEST(pid, without_a_task_is_absent)
{
	uint32_t number = 5;
	gva_t at;

	set_up();
	fake_pid(&g, &top, &number, 1);
	CHECK_OK(pid_find(&g.k, top, 5, &at));
	CU_ASSERT_FALSE(gva_is_null(at));
	CHECK_ERR(pid_find_task(&g.k, top, 5, &at), ERR_ABSENT);
}

TEST(pid, lists_leaders_only_in_the_order_of_numbers)
{
	static const uint32_t expected[] = {1, 63, 64, 900};
	struct pid_iter it;
	uint32_t number;
	gva_t task;

	set_up();
	fake_process(&g, 900, "last");
	fake_process(&g, 64, "d");
	fake_thread(&g, fake_process(&g, 1, "init"), 2, "thread");
	fake_process(&g, 63, "c");
	CHECK_OK(pid_iter_init(&it, &g.k, top));
	for (unsigned i = 0; i < 4; i++) {
		CHECK_OK(pid_iter_next(&it, &g.k, &number, &task));
		CU_ASSERT_EQUAL(number, expected[i]);
		CU_ASSERT_FALSE(gva_is_null(task));
	}
	CHECK_OK(pid_iter_next(&it, &g.k, &number, &task));
	CU_ASSERT_TRUE(gva_is_null(task));
}

TEST(pid, has_a_number_in_each_namespace_around_it)
{
	struct pid_numbers numbers;
	gva_t inner, other, pid;
	int32_t number;

	set_up();
	inner = fake_pid_ns(&g, top);
	other = fake_pid_ns(&g, top);
	pid = fake_pid(&g, (const gva_t[]){top, inner}, (const uint32_t[]){300, 1}, 2);
	CHECK_OK(pid_read_numbers(&g.k, pid, &numbers));
	CU_ASSERT_EQUAL(numbers.level, 1);
	CU_ASSERT_EQUAL(numbers.number[0], 300);
	CU_ASSERT_EQUAL(numbers.number[1], 1);
	CU_ASSERT_EQUAL(numbers.ns[1].v, inner.v);
	CHECK_OK(pid_number(&g.k, pid, top, &number));
	CU_ASSERT_EQUAL(number, 300);
	CHECK_OK(pid_number(&g.k, pid, inner, &number));
	CU_ASSERT_EQUAL(number, 1);
	/* another of the same level does not see it, nor does one further in */
	CHECK_OK(pid_number(&g.k, pid, other, &number));
	CU_ASSERT_EQUAL(number, 0);
	CHECK_OK(pid_number(&g.k, pid, fake_pid_ns(&g, inner), &number));
	CU_ASSERT_EQUAL(number, 0);
	CHECK_OK(pid_number(&g.k, gva(0), top, &number));
	CU_ASSERT_EQUAL(number, 0);
}

TEST(pid, of_a_task_is_told_by_kind)
{
	gva_t task, pid;
	int32_t number;

	set_up();
	task = fake_thread(&g, fake_process(&g, 7, "leader"), 8, "thread");
	CHECK_OK(pid_task_number(&g.k, task, PID_KIND_PID, top, &number));
	CU_ASSERT_EQUAL(number, 8);
	CHECK_OK(pid_task_number(&g.k, task, PID_KIND_TGID, top, &number));
	CU_ASSERT_EQUAL(number, 7);
	CHECK_OK(pid_of_task(&g.k, task, PID_KIND_SID, &pid));
	CU_ASSERT_TRUE(gva_is_null(pid)); /* the fake has no session */
	CHECK_OK(pid_task_number(&g.k, task, PID_KIND_SID, top, &number));
	CU_ASSERT_EQUAL(number, 0);
}

TEST(pid, of_a_level_that_cannot_be_is_a_race)
{
	struct pid_numbers numbers;
	uint32_t one = 1;
	int32_t number;
	gva_t pid;

	set_up();
	pid = fake_pid(&g, &top, &one, 1);
	fake_set(&g, pid, F_pid_level, PID_LEVELS_MAX + 1);
	CHECK_ERR(pid_read_numbers(&g.k, pid, &numbers), ERR_RACE);
	CHECK_ERR(pid_number(&g.k, pid, top, &number), ERR_RACE);
	fake_set(&g, pid, F_pid_level, UINT32_MAX);
	CHECK_ERR(pid_read_numbers(&g.k, pid, &numbers), ERR_RACE);
}

TEST(pid, that_is_not_mapped_is_a_fault)
{
	struct pid_iter it;
	uint32_t number;
	gva_t at;

	set_up();
	fake_process(&g, 1, "init");
	fake_process(&g, 2, "next");
	fake_pid_replace(&g, top, 2, UINT64_C(0xffffc90000000000));
	CHECK_ERR(pid_find_task(&g.k, top, 2, &at), ERR_FAULT);
	CHECK_OK(pid_iter_init(&it, &g.k, top));
	CHECK_OK(pid_iter_next(&it, &g.k, &number, &at));
	CHECK_ERR(pid_iter_next(&it, &g.k, &number, &at), ERR_FAULT);
}

/* What is in the way of one process hides no other. */
TEST(pid, iteration_goes_on_behind_what_cannot_be_read)
{
	struct pid_iter it;
	uint32_t number;
	gva_t at, last;

	set_up();
	fake_process(&g, 1, "init");
	fake_process(&g, 2, "broken");
	fake_process(&g, 3, "moved");
	last = fake_process(&g, 4, "last");
	fake_pid_replace(&g, top, 2, UINT64_C(0xffffc90000000000));
	/* the pid of 1 at the place of 3 */
	fake_pid_replace(&g, top, 3, fake_pid_replace(&g, top, 1, 0));
	CHECK_OK(pid_iter_init(&it, &g.k, top));
	CHECK_ERR(pid_iter_next(&it, &g.k, &number, &at), ERR_FAULT);
	CHECK_ERR(pid_iter_next(&it, &g.k, &number, &at), ERR_RACE);
	CHECK_OK(pid_iter_next(&it, &g.k, &number, &at));
	CU_ASSERT_EQUAL(number, 4);
	CU_ASSERT_EQUAL(at.v, last.v);
	CHECK_OK(pid_iter_next(&it, &g.k, &number, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(pid, iteration_ends_after_as_many_as_are_listed)
{
	struct pid_iter it;
	uint32_t number;
	gva_t at;

	set_up();
	fake_process(&g, 1, "init");
	fake_process(&g, 2, "next");
	CHECK_OK(pid_iter_init(&it, &g.k, top));
	it.count = PID_LISTED_MAX - 1;
	CHECK_OK(pid_iter_next(&it, &g.k, &number, &at));
	CU_ASSERT_EQUAL(number, 1);
	CHECK_ERR(pid_iter_next(&it, &g.k, &number, &at), ERR_RACE);
	CHECK_OK(pid_iter_next(&it, &g.k, &number, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}
