/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/sched.h"

static struct fake_guest g;
static struct task t; /* of a process whose signal_struct exists */

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(
		&g, {F_task_struct_utime, 8}, {F_task_struct_stime, 8}, {F_task_struct_gtime, 8},
		{F_task_struct_prev_utime, 8}, {F_task_struct_prev_stime, 8},
		{F_task_struct_sum_exec_runtime, 8}, {F_task_struct_min_flt, 8},
		{F_task_struct_maj_flt, 8}, {F_task_struct_nvcsw, 8}, {F_task_struct_nivcsw, 8},
		{F_task_struct_start_boottime, 8}, {F_task_struct_prio, 4},
		{F_task_struct_static_prio, 4}, {F_task_struct_rt_priority, 4},
		{F_task_struct_policy, 4}, {F_task_struct_cpu, 4}, {F_task_struct_thread_node, 16});
	FAKE_MEMBERS(&g, {F_signal_struct_thread_head, 16}, {F_signal_struct_utime, 8},
		     {F_signal_struct_stime, 8}, {F_signal_struct_cutime, 8},
		     {F_signal_struct_cstime, 8}, {F_signal_struct_gtime, 8},
		     {F_signal_struct_cgtime, 8}, {F_signal_struct_min_flt, 8},
		     {F_signal_struct_maj_flt, 8}, {F_signal_struct_cmin_flt, 8},
		     {F_signal_struct_cmaj_flt, 8}, {F_signal_struct_prev_utime, 8},
		     {F_signal_struct_prev_stime, 8}, {F_signal_struct_sum_sched_runtime, 8});
	t = (struct task){.at = fake_object(&g), .signal = fake_object(&g)};
	fake_list(&g, kfield_at(&g.k, t.signal, F_signal_struct_thread_head));
}

/* One more live thread of the process. */
static void join(gva_t thread)
{
	fake_list_add(&g, kfield_at(&g.k, t.signal, F_signal_struct_thread_head),
		      kfield_at(&g.k, thread, F_task_struct_thread_node));
}

static void set_times(gva_t task, uint64_t utime, uint64_t stime, uint64_t runtime)
{
	fake_set(&g, task, F_task_struct_utime, utime);
	fake_set(&g, task, F_task_struct_stime, stime);
	fake_set(&g, task, F_task_struct_sum_exec_runtime, runtime);
}

static struct sched_times times_of(bool whole)
{
	struct sched_times times = {0};

	CHECK_OK(sched_read_times(&g.k, &t, whole, &times));
	return times;
}

TEST(sched, ticks_split_the_precise_run_time)
{
	struct sched_times times;

	set_up();
	set_times(t.at, 300, 100, 1000);
	times = times_of(false);
	CU_ASSERT(times.stime == 250 && times.utime == 750);
	set_times(t.at, 300, 0, 1000);
	times = times_of(false);
	CU_ASSERT(times.stime == 0 && times.utime == 1000);
	set_times(t.at, 0, 100, 1000);
	times = times_of(false);
	CU_ASSERT(times.stime == 1000 && times.utime == 0);
	set_times(t.at, UINT64_MAX / 2, UINT64_MAX / 2, UINT64_MAX); /* hostile: no overflow */
	times = times_of(false);
	CU_ASSERT_EQUAL(times.stime + times.utime, UINT64_MAX);
	set_times(t.at, UINT64_MAX, 1, 1000); /* the sum wraps to 0 */
	times = times_of(false);
	CU_ASSERT_EQUAL(times.stime + times.utime, 1000);
}

TEST(sched, times_shown_before_never_shrink)
{
	struct sched_times times;

	set_up();
	set_times(t.at, 300, 100, 1000);
	fake_set(&g, t.at, F_task_struct_prev_stime, 400);
	times = times_of(false);
	CU_ASSERT(times.stime == 400 && times.utime == 600);
	fake_set(&g, t.at, F_task_struct_prev_utime, 600); /* all was shown already */
	times = times_of(false);
	CU_ASSERT(times.stime == 400 && times.utime == 600);
	fake_set(&g, t.at, F_task_struct_prev_stime, 0);
	fake_set(&g, t.at, F_task_struct_prev_utime, 900);
	times = times_of(false);
	CU_ASSERT(times.stime == 100 && times.utime == 900);
}

TEST(sched, a_process_is_the_sum_of_threads_dead_and_alive)
{
	struct sched_times times;

	set_up();
	gva_t thread = fake_object(&g), signal = t.signal;
	join(t.at);
	join(thread);
	set_times(t.at, 100, 0, 100);
	set_times(thread, 200, 0, 200);
	fake_set(&g, signal, F_signal_struct_utime, 700);
	fake_set(&g, signal, F_signal_struct_sum_sched_runtime, 700);
	fake_set(&g, t.at, F_task_struct_min_flt, 1);
	fake_set(&g, thread, F_task_struct_min_flt, 2);
	fake_set(&g, signal, F_signal_struct_min_flt, 4);
	fake_set(&g, signal, F_signal_struct_cutime, 9);
	times = times_of(true);
	CU_ASSERT_EQUAL(times.utime, 1000);
	CU_ASSERT_EQUAL(times.min_flt, 7);
	CU_ASSERT_EQUAL(times.cutime, 9);
	times = times_of(false);
	CU_ASSERT(times.utime == 100 && times.min_flt == 1);
}

TEST(sched, priorities_are_shown_from_minus_100)
{
	struct sched_place place;

	set_up();
	fake_set(&g, t.at, F_task_struct_prio, 98);
	fake_set(&g, t.at, F_task_struct_static_prio, 100);
	fake_set(&g, t.at, F_task_struct_cpu, 3);
	CHECK_OK(sched_read_place(&g.k, &t, &place));
	CU_ASSERT(place.priority == -2 && place.nice == -20 && place.cpu == 3);
	CU_ASSERT_EQUAL(place.blkio_delay_ns, 0); /* this kernel counts no delays */
}
