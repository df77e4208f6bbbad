/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/attr. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <errno.h>

#include "transcall/kobj/apparmor.h"

const struct err *pid_attr_current(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char label[APPARMOR_LABEL_BYTES];

	TRY(apparmor_label(view->kernel, node->task, view->reader, label));
	fprintf(out, "%s\n", label);
	return NULL;
}

/* apparmor_getprocattr(): EINVAL where a task has no such label, as nearly all. */
static const struct err *other_label(struct proc_view *view, const struct proc_node *node,
				     enum field_id which)
{
	bool has;

	TRY(apparmor_has_label(view->kernel, node->task, which, &has));
	if (has)
		return ERR(ERR_ABSENT, "the label for the next exec is not rebuilt");
	return ERR_ERRNO(ERR_ABSENT, EINVAL, "the task has no such label");
}

const struct err *pid_attr_prev(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)out;
	return other_label(view, node, F_aa_task_ctx_previous);
}

const struct err *pid_attr_exec(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)out;
	return other_label(view, node, F_aa_task_ctx_onexec);
}

/* What SELinux alone answers. */
const struct err *pid_attr_selinux(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	bool has;

	(void)out;
	TRY(apparmor_has_label(view->kernel, node->task, F_aa_task_ctx_onexec, &has));
	return ERR_ERRNO(ERR_ABSENT, EINVAL, "AppArmor has no such attribute");
}
