/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/wchan. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include "transcall/kobj/wchan.h"
#include "transcall/proc/view.h"

const struct err *pid_wchan(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char name[WCHAN_NAME_BYTES] = "0";
	bool allowed;

	TRY(view_may_access(view, node->task, &allowed));
	if (allowed)
		TRY(wchan_name(view->kernel, node->task, name, sizeof(name)));
	fputs(name, out);
	return NULL;
}
