/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings - what was set for a task: scheduling, I/O priority, resource limits. */
#ifndef TC_KOBJ_SETTINGS_H
#define TC_KOBJ_SETTINGS_H

#include "transcall/kobj/signal.h"

struct settings {
	/* As sched_getattr() shows them: what does not apply to the policy is 0. */
	uint32_t policy, priority;
	uint64_t flags;
	int32_t nice;
	uint64_t runtime_ns, deadline_ns, period_ns;
	uint16_t ioprio; /* as ioprio_get() shows it */
	struct signal_limits limits;
};

/* Return: NULL; FAULT; RACE; fatal. Limits of a task that was reaped are all 0. */
MUST_CHECK const struct err *settings_read(const struct kernel *k, gva_t task,
					   struct settings *ret);

#endif
