/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/attr/current. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include "transcall/kobj/apparmor.h"

const struct err *pid_attr_current(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char label[APPARMOR_LABEL_BYTES];

	TRY(apparmor_label(view->kernel, node->task, view->reader, label));
	fprintf(out, "%s\n", label);
	return NULL;
}
