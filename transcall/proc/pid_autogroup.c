/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/autogroup and timerslack_ns. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

bool pid_has_autogroup(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_signal_struct_autogroup);
}

/* proc_sched_autogroup_show_task(): nothing for the default group. */
const struct err *pid_autogroup(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t signal, group, tasks, own;
	uint64_t id;
	int64_t nice;

	TRY(kfield_ptr(k, node->task, F_task_struct_signal, &signal));
	TRY(kfield_ptr(k, signal, F_signal_struct_autogroup, &group));
	if (gva_is_null(group))
		return NULL;
	TRY(kfield_ptr(k, group, F_autogroup_tg, &tasks));
	TRY(kfield_ptr(k, tasks, F_task_group_autogroup, &own));
	if (gva_is_null(own))
		return NULL;
	TRY(kfield_uint(k, group, F_autogroup_id, &id));
	TRY(kfield_int(k, group, F_autogroup_nice, &nice));
	fprintf(out, "/autogroup-%" PRIu64 " nice %" PRId64 "\n", id, nice);
	return NULL;
}

const struct err *pid_timerslack(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint64_t slack_ns;

	TRY(kfield_uint(view->kernel, node->task, F_task_struct_timer_slack_ns, &slack_ns));
	fprintf(out, "%" PRIu64 "\n", slack_ns);
	return NULL;
}
