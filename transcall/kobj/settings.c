/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was set for a task. Input: attacker-controlled. */
#include "transcall/kobj/settings.h"

#include <sched.h>

#include "transcall/kobj/sched.h"

#ifndef SCHED_DEADLINE
#define SCHED_DEADLINE 6
#endif
#define FLAG_RESET_ON_FORK 1u /* include/uapi/linux/sched.h */
#define DL_FLAGS           0x86u /* SCHED_DL_FLAGS: RECLAIM, DL_OVERRUN, SUGOV */
#define IOPRIO_NORM        4u /* include/uapi/linux/ioprio.h */

/* __getparam_dl(), kernel/sched/deadline.c */
static const struct err *deadline_read(const struct kernel *k, gva_t task, struct settings *ret)
{
	uint64_t flags;

	TRY(kfield_uint(k, task, F_task_struct_dl_runtime, &ret->runtime_ns));
	TRY(kfield_uint(k, task, F_task_struct_dl_deadline, &ret->deadline_ns));
	TRY(kfield_uint(k, task, F_task_struct_dl_period, &ret->period_ns));
	TRY(kfield_uint(k, task, F_task_struct_dl_flags, &flags));
	ret->flags |= flags & DL_FLAGS;
	return NULL;
}

/* get_params(), kernel/sched/syscalls.c */
static const struct err *schedule_read(const struct kernel *k, const struct task *t,
				       struct settings *ret)
{
	struct sched_place place;
	uint64_t reset;

	TRY(sched_read_place(k, t, &place));
	TRY(kfield_uint(k, t->at, F_task_struct_reset_on_fork, &reset));
	ret->policy = place.policy;
	ret->flags = reset ? FLAG_RESET_ON_FORK : 0;
	if (place.policy == SCHED_DEADLINE)
		return deadline_read(k, t->at, ret);
	if (place.policy == SCHED_FIFO || place.policy == SCHED_RR) {
		ret->priority = place.rt_priority;
		return NULL;
	}
	ret->nice = place.nice;
	if (profile_has(k->profile, F_task_struct_custom_slice))
		TRY(kfield_uint(k, t->at, F_task_struct_slice, &ret->runtime_ns));
	return NULL;
}

/* get_task_raw_ioprio(), block/ioprio.c */
static const struct err *ioprio_read(const struct kernel *k, gva_t task, uint16_t *ret)
{
	bool is_new = !gva_is_null(kernel_symbol(k, S___get_task_ioprio)) ||
		      k->profile->enumerators[E_IOPRIO_HINT_NONE].present;
	uint64_t value = is_new ? 0 : IOPRIO_NORM;
	gva_t context = gva(0);

	if (profile_has(k->profile, F_io_context_ioprio))
		TRY(kfield_ptr(k, task, F_task_struct_io_context, &context));
	if (!gva_is_null(context))
		TRY(kfield_uint(k, context, F_io_context_ioprio, &value));
	*ret = (uint16_t)value;
	return NULL;
}

const struct err *settings_read(const struct kernel *k, gva_t task, struct settings *ret)
{
	struct task t;

	*ret = (struct settings){0};
	TRY(task_read(k, task, &t));
	TRY(schedule_read(k, &t, ret));
	TRY(ioprio_read(k, task, &ret->ioprio));
	return gva_is_null(t.sighand) ? NULL : signal_read_limits(k, &t, &ret->limits);
}
