/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time not charged yet (kernel/sched/cputime.c). Input: attacker-controlled. */
#include "transcall/kobj/vtime.h"

#include "transcall/kobj/runqueue.h"

enum vtime_state { STATE_INACTIVE, STATE_IDLE, STATE_SYS, STATE_USER, STATE_GUEST };

/* vtime_accounting_enabled() */
static const struct err *is_enabled(const struct kernel *k, bool *ret)
{
	uint32_t enabled = 0;

	if (profile_has(k->profile, F_task_struct_vtime_state) &&
	    k->profile->has_symbol[S_context_tracking_key])
		TRY(kread_u32(k, kernel_symbol(k, S_context_tracking_key), &enabled));
	*ret = enabled != 0;
	return NULL;
}

static uint64_t since(uint64_t now, uint64_t start)
{
	return now > start ? now - start : 0;
}

/* What is kept beside the task's own sums, and what passed since it last changed state. */
static const struct err *pending_of(const struct kernel *k, gva_t task, enum field_id kept,
				    uint64_t *ret)
{
	uint64_t start, now;

	TRY(runqueue_clock(k, &now));
	TRY(kfield_uint(k, task, F_task_struct_vtime_starttime, &start));
	TRY(kfield_uint(k, task, kept, ret));
	*ret += since(now, start);
	return NULL;
}

const struct err *vtime_read_pending(const struct kernel *k, gva_t task, struct vtime_pending *ret)
{
	uint64_t state;
	bool enabled;

	*ret = (struct vtime_pending){0};
	TRY(is_enabled(k, &enabled));
	if (!enabled)
		return NULL;
	TRY(kfield_uint(k, task, F_task_struct_vtime_state, &state));
	ret->running = state >= STATE_SYS;
	if (state == STATE_SYS)
		return pending_of(k, task, F_task_struct_vtime_stime, &ret->stime_ns);
	if (state == STATE_GUEST)
		TRY(pending_of(k, task, F_task_struct_vtime_gtime, &ret->gtime_ns));
	if (state == STATE_USER || state == STATE_GUEST)
		return pending_of(k, task, F_task_struct_vtime_utime, &ret->utime_ns);
	return NULL;
}

const struct err *vtime_read_slice(const struct kernel *k, gva_t task, uint64_t *ret)
{
	uint64_t cpu, clock, clock_task, start, now;
	gva_t rq, current;

	*ret = 0;
	TRY(kfield_uint(k, task, F_task_struct_cpu, &cpu));
	rq = kernel_percpu(k, S_runqueues, (unsigned)cpu);
	if (gva_is_null(rq))
		return ERR_AT(ERR_RACE, task.v, "a task on CPU %u", (unsigned)cpu);
	TRY(kfield_ptr(k, rq, F_rq_curr, &current));
	if (!gva_equal(current, task))
		return NULL;
	TRY(runqueue_clock(k, &now));
	TRY(kfield_uint(k, rq, F_rq_clock, &clock));
	TRY(kfield_uint(k, rq, F_rq_clock_task, &clock_task));
	TRY(kfield_uint(k, task, F_task_struct_exec_start, &start));
	*ret = since(clock_task + since(now, clock), start);
	return NULL;
}
