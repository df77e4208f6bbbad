/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/settings.h"

#include <sched.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"

#define DEADLINE 6 /* SCHED_DEADLINE */

static struct fake_guest g;
static gva_t task;

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_flags, 4}, {F_task_struct_pid, 4}, {F_task_struct_tgid, 4},
		     {F_task_struct_mm, 8}, {F_task_struct_signal, 8}, {F_task_struct_sighand, 8},
		     {F_task_struct_prio, 4}, {F_task_struct_static_prio, 4},
		     {F_task_struct_rt_priority, 4}, {F_task_struct_policy, 4},
		     {F_task_struct_cpu, 4}, {F_task_struct_start_boottime, 8},
		     {F_task_struct_nvcsw, 8}, {F_task_struct_nivcsw, 8},
		     {F_task_struct_reset_on_fork, 4}, {F_task_struct_dl_runtime, 8},
		     {F_task_struct_dl_deadline, 8}, {F_task_struct_dl_period, 8},
		     {F_task_struct_dl_flags, 4}, {F_task_struct_io_context, 8});
	fake_field(&g, F_io_context_ioprio, 8, 2);
	fake_field(&g, F_signal_struct_rlim, 0, 256);
	task = fake_object(&g);
	fake_set(&g, task, F_task_struct_static_prio, 120 + 5);
}

static void policy_set(uint32_t policy)
{
	fake_set(&g, task, F_task_struct_policy, policy);
	fake_set(&g, task, F_task_struct_rt_priority, 50);
	fake_set(&g, task, F_task_struct_dl_runtime, 1000);
	fake_set(&g, task, F_task_struct_dl_deadline, 2000);
	fake_set(&g, task, F_task_struct_dl_period, 3000);
	fake_set(&g, task, F_task_struct_dl_flags, UINT32_MAX);
}

TEST(settings, tell_what_the_policy_has)
{
	struct settings s;

	set_up();
	policy_set(SCHED_OTHER);
	CHECK_OK(settings_read(&g.k, task, &s));
	CU_ASSERT(s.nice == 5 && s.priority == 0 && s.runtime_ns == 0 && s.flags == 0);
	policy_set(SCHED_RR);
	fake_set(&g, task, F_task_struct_reset_on_fork, 1);
	CHECK_OK(settings_read(&g.k, task, &s));
	CU_ASSERT(s.nice == 0 && s.priority == 50 && s.runtime_ns == 0 && s.flags == 1);
	policy_set(DEADLINE);
	CHECK_OK(settings_read(&g.k, task, &s));
	CU_ASSERT(s.runtime_ns == 1000 && s.deadline_ns == 2000 && s.period_ns == 3000);
	CU_ASSERT(s.priority == 0 && s.flags == (1 | 0x86));
}

TEST(settings, a_slice_of_its_own_is_told_where_there_is_one)
{
	struct settings s;

	set_up();
	fake_field(&g, F_task_struct_custom_slice, 1000, 1);
	fake_field(&g, F_task_struct_slice, 1008, 8);
	fake_set(&g, task, F_task_struct_slice, 700000);
	CHECK_OK(settings_read(&g.k, task, &s));
	CU_ASSERT_EQUAL(s.runtime_ns, 700000);
}

TEST(settings, no_context_is_the_default_of_the_kernel)
{
	struct settings s;
	gva_t context;

	set_up();
	CHECK_OK(settings_read(&g.k, task, &s));
	CU_ASSERT_EQUAL(s.ioprio, 4);
	fake_symbol(&g, S___get_task_ioprio, 16);
	CHECK_OK(settings_read(&g.k, task, &s));
	CU_ASSERT_EQUAL(s.ioprio, 0);
	context = fake_alloc(&g, 64, 8);
	fake_set(&g, context, F_io_context_ioprio, 0x4007);
	fake_set(&g, task, F_task_struct_io_context, context.v);
	CHECK_OK(settings_read(&g.k, task, &s));
	CU_ASSERT_EQUAL(s.ioprio, 0x4007);
}

TEST(settings, one_who_was_reaped_has_no_limits)
{
	struct settings s;

	set_up();
	fake_set(&g, task, F_task_struct_signal, 8); /* is not read */
	CHECK_OK(settings_read(&g.k, task, &s));
	CU_ASSERT_EQUAL(s.limits.hard[0], 0);
}

TEST(settings, pointers_to_nowhere_are_faults)
{
	struct settings s;

	set_up();
	fake_set(&g, task, F_task_struct_sighand, 1);
	CHECK_ERR(settings_read(&g.k, task, &s), ERR_FAULT);
	fake_set(&g, task, F_task_struct_io_context, 8);
	CHECK_ERR(settings_read(&g.k, task, &s), ERR_FAULT);
	CHECK_ERR(settings_read(&g.k, gva(0), &s), ERR_FAULT);
}
