/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/vtime.h"

static struct fake_guest g;
static gva_t task, rq[2];

/* Two CPUs, whose run queues' clocks show 1000 and 1500; the task runs on the first since 400. */
static void set_up(uint32_t enabled)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_vtime_state, 4}, {F_task_struct_vtime_starttime, 8},
		     {F_task_struct_vtime_utime, 8}, {F_task_struct_vtime_stime, 8},
		     {F_task_struct_vtime_gtime, 8}, {F_task_struct_exec_start, 8},
		     {F_task_struct_cpu, 4});
	FAKE_MEMBERS(&g, {F_rq_clock, 8}, {F_rq_clock_task, 8}, {F_rq_curr, 8});
	fake_variable(&g, S_context_tracking_key, enabled);
	rq[0] = fake_symbol(&g, S_runqueues, FAKE_OBJECT_BYTES);
	rq[1] = fake_object(&g);
	g.k.cpu_count = 2;
	g.k.percpu_base[1] = rq[1].v - rq[0].v;
	task = fake_object(&g);
	fake_set(&g, rq[0], F_rq_clock, 1000);
	fake_set(&g, rq[0], F_rq_clock_task, 900);
	fake_set(&g, rq[0], F_rq_curr, task.v);
	fake_set(&g, rq[1], F_rq_clock, 1500);
	fake_set(&g, task, F_task_struct_vtime_starttime, 1200);
	fake_set(&g, task, F_task_struct_vtime_utime, 7);
	fake_set(&g, task, F_task_struct_vtime_stime, 5);
	fake_set(&g, task, F_task_struct_exec_start, 400);
}

static struct vtime_pending pending_in(uint32_t state)
{
	struct vtime_pending p;

	fake_set(&g, task, F_task_struct_vtime_state, state);
	CHECK_OK(vtime_read_pending(&g.k, task, &p));
	return p;
}

TEST(vtime, is_added_to_where_the_task_runs)
{
	struct vtime_pending p;

	set_up(1);
	p = pending_in(2); /* kernel */
	CU_ASSERT(p.running && p.stime_ns == 305 && p.utime_ns == 0);
	p = pending_in(3); /* user */
	CU_ASSERT(p.running && p.stime_ns == 0 && p.utime_ns == 307 && p.gtime_ns == 0);
	p = pending_in(4); /* guest of its own */
	CU_ASSERT(p.utime_ns == 307 && p.gtime_ns == 300);
	p = pending_in(0);
	CU_ASSERT(!p.running && p.stime_ns == 0 && p.utime_ns == 0);
}

TEST(vtime, nothing_is_pending_where_ticks_charge)
{
	struct vtime_pending p;

	set_up(0);
	p = pending_in(3);
	CU_ASSERT(!p.running && p.utime_ns == 0);
	set_up(1);
	g.p.fields[F_task_struct_vtime_state].size_bytes = 0;
	CHECK_OK(vtime_read_pending(&g.k, task, &p));
	CU_ASSERT(!p.running);
}

TEST(vtime, a_start_in_the_future_adds_nothing)
{
	set_up(1);
	fake_set(&g, task, F_task_struct_vtime_starttime, UINT64_MAX);
	CU_ASSERT_EQUAL(pending_in(3).utime_ns, 7);
}

TEST(vtime, slice_counts_only_for_who_is_on_the_cpu)
{
	uint64_t slice;

	set_up(1);
	CHECK_OK(vtime_read_slice(&g.k, task, &slice));
	CU_ASSERT_EQUAL(slice, 1000); /* 900 + (1500 - 1000) - 400 */
	fake_set(&g, task, F_task_struct_cpu, 1);
	CHECK_OK(vtime_read_slice(&g.k, task, &slice));
	CU_ASSERT_EQUAL(slice, 0);
	fake_set(&g, task, F_task_struct_cpu, 77);
	CHECK_ERR(vtime_read_slice(&g.k, task, &slice), ERR_RACE);
}
