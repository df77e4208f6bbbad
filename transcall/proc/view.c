/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who looks at the guest's processes, and what they may see. Input: attacker-controlled. */
#include "transcall/proc/view.h"

#include "transcall/kobj/cred.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/task.h"

#define USER_NS_LEVELS_MAX 33 /* create_user_ns() refuses more than 32 */

const struct err *proc_view_init(struct proc_view *view, struct kernel *kernel, uint32_t pid)
{
	view->kernel = kernel;
	TRY(pid_find_task(kernel, kernel_symbol(kernel, S_init_pid_ns), pid, &view->reader));
	TRY(task_pid_ns(kernel, view->reader, &view->pid_ns));
	return task_user_ns(kernel, view->reader, &view->user_ns);
}

const struct err *view_may_access(const struct proc_view *view, gva_t task, bool *ret)
{
	gva_t ns;

	*ret = false;
	TRY(task_user_ns(view->kernel, task, &ns));
	for (unsigned i = 0; i < USER_NS_LEVELS_MAX && !gva_is_null(ns); i++) {
		*ret = gva_equal(ns, view->user_ns);
		if (*ret)
			return NULL;
		TRY(kfield_ptr(view->kernel, ns, F_user_namespace_parent, &ns));
	}
	return NULL;
}

const struct err *view_uid(const struct proc_view *view, uint32_t kuid, uint32_t *ret)
{
	return cred_uid_in(view->kernel, view->user_ns, kuid, ret);
}

const struct err *view_gid(const struct proc_view *view, uint32_t kgid, uint32_t *ret)
{
	return cred_gid_in(view->kernel, view->user_ns, kgid, ret);
}
