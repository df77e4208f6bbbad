/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who looks at the guest's processes, and what they may see. Input: attacker-controlled. */
#include "transcall/proc/view.h"

#include <errno.h>

#include "transcall/kobj/cred.h"
#include "transcall/kobj/mm.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/task.h"

#define USER_NS_LEVELS_MAX 33 /* create_user_ns() refuses more than 32 */

#define PASS_UNITS 64 /* of work: also errors that cost no reading have an end */

const struct err *proc_view_init(struct proc_view *view, struct kernel *kernel, uint32_t pid)
{
	view->kernel = kernel;
	work_fill(&view->work, WORK_POOL);
	kernel->work = &view->work;
	TRY(pid_find_task(kernel, kernel_symbol(kernel, S_init_pid_ns), pid, &view->reader));
	TRY(task_pid_ns(kernel, view->reader, &view->pid_ns));
	return task_user_ns(kernel, view->reader, &view->user_ns);
}

bool view_is_stale(const struct proc_view *view)
{
	return view->is_stale && view->is_stale(view);
}

const struct err *view_pass_over(struct proc_view *view, const struct err *e)
{
	if (!e)
		return NULL;
	if (e->kind != ERR_ABSENT && e->kind != ERR_FAULT && e->kind != ERR_RACE)
		return e;
	if (view_is_stale(view))
		return ERR(ERR_RACE, "a new snapshot was taken");
	if (work_is_used_up(&view->work) || !work_take(&view->work, PASS_UNITS))
		return e;
	if (e->kind == ERR_RACE)
		view->races++;
	else
		view->unreadable++;
	return NULL;
}

const struct err *view_pass_line(struct proc_view *view, FILE *out, long start, const struct err *e)
{
	if (!e)
		return NULL;
	if (start < 0 || fseek(out, start, SEEK_SET) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "taking a line back");
	return view_pass_over(view, e);
}

bool view_is_of_first_root(const struct proc_view *view)
{
	return gva_equal(view->user_ns, kernel_symbol(view->kernel, S_init_user_ns));
}

/* ns_capable() of the reader's root: is @ns the reader's, or below it? */
static const struct err *is_below(const struct proc_view *view, gva_t ns, bool *ret)
{
	*ret = false;
	for (unsigned i = 0; i < USER_NS_LEVELS_MAX && !gva_is_null(ns); i++) {
		*ret = gva_equal(ns, view->user_ns);
		if (*ret)
			return NULL;
		TRY(kfield_ptr(view->kernel, ns, F_user_namespace_parent, &ns));
	}
	if (!gva_is_null(ns))
		return ERR_AT(ERR_RACE, ns.v, "a user namespace is inside of itself");
	return NULL;
}

/* task_still_dumpable(), kernel/ptrace.c: of a task without mm what it was, as far as the kernel
 * knows. */
static const struct err *still_dumpable(const struct proc_view *view, gva_t task, bool *ret)
{
	const struct kernel *k = view->kernel;
	bool open;
	uint64_t was = 1;
	struct task t;
	gva_t ns;

	TRY(task_read(k, task, &t));
	TRY(mm_dump_state(k, &t, &open, &ns));
	if (gva_is_null(t.mm) && gva_is_null(ns)) {
		if (profile_has(k->profile, F_task_struct_user_dumpable))
			TRY(kfield_uint(k, task, F_task_struct_user_dumpable, &was));
		open = was != 0;
	}
	*ret = open;
	return open ? NULL : is_below(view, ns, ret);
}

const struct err *view_may_access(const struct proc_view *view, gva_t task, bool *ret)
{
	gva_t ns;

	*ret = view_is_of_first_root(view);
	if (*ret)
		return NULL;
	TRY(task_user_ns(view->kernel, task, &ns));
	TRY(is_below(view, ns, ret));
	return *ret ? still_dumpable(view, task, ret) : NULL;
}

const struct err *view_require_access(const struct proc_view *view, gva_t task, int errnum)
{
	bool allowed;

	TRY(view_may_access(view, task, &allowed));
	return allowed ? NULL
		       : ERR_ERRNO(ERR_ABSENT, errnum, "the reader may not look into this process");
}

const struct err *view_uid(const struct proc_view *view, uint32_t kuid, uint32_t *ret)
{
	return cred_uid_in(view->kernel, view->user_ns, kuid, ret);
}

const struct err *view_gid(const struct proc_view *view, uint32_t kgid, uint32_t *ret)
{
	return cred_gid_in(view->kernel, view->user_ns, kgid, ret);
}
