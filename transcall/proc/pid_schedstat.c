/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/schedstat (proc_pid_schedstat()). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

bool pid_has_schedstat(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_task_struct_run_delay);
}

/* Of one thread, also in the process' own directory. */
const struct err *pid_schedstat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint64_t runtime_ns, delay_ns, count;

	TRY(kfield_uint(k, node->task, F_task_struct_sum_exec_runtime, &runtime_ns));
	TRY(kfield_uint(k, node->task, F_task_struct_run_delay, &delay_ns));
	TRY(kfield_uint(k, node->task, F_task_struct_pcount, &count));
	fprintf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", runtime_ns, delay_ns, count);
	return NULL;
}
