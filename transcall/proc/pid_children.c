/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/task/TID/children. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include "transcall/kobj/list.h"
#include "transcall/kobj/pid.h"

const struct err *pid_children(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct list_iter it;
	int32_t number;
	gva_t at;

	TRY(list_init(&it, k, kfield_at(k, node->task, F_task_struct_children)));
	for (;;) {
		TRY(list_next(&it, k, &at));
		if (gva_is_null(at))
			return NULL;
		TRY(pid_task_number(k, kfield_container(k, at, F_task_struct_sibling), PID_KIND_PID,
				    view->pid_ns, &number));
		if (number)
			fprintf(out, "%d ", number);
	}
}
