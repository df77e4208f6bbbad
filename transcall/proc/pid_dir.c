/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes and threads there are. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <string.h>

#include "transcall/kobj/pid.h"
#include "transcall/kobj/signal.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/view.h"

#define NAME_DIGITS 10
#define PID_UNITS   128 /* of work, at most: nodes of the IDR on the way to a pid, and the pid */

/* name_to_int(), fs/proc/util.c: no sign, no leading zero. */
static bool name_to_number(const char *name, uint32_t *ret)
{
	uint64_t number = 0;
	size_t len = strlen(name);

	if (len == 0 || len > NAME_DIGITS || (len > 1 && *name == '0'))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(name[i] - '0');
	}
	*ret = (uint32_t)number;
	return number <= UINT32_MAX;
}

static bool emit_number(proc_emit emit, void *context, uint32_t number)
{
	char name[NAME_DIGITS + 1];

	snprintf(name, sizeof(name), "%u", number);
	return emit(context, name, NODE_DIR);
}

static void give_back(struct proc_view *view, uint64_t before)
{
	uint64_t spent = before > view->work.own ? before - view->work.own : 0;

	work_give_back(&view->work, spent < PID_UNITS ? spent : PID_UNITS);
}

const struct err *proc_pid_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
				void *context)
{
	struct pid_iter it;
	uint32_t tgid;
	gva_t task;

	(void)dir;
	TRY(pid_iter_init(&it, view->kernel, view->pid_ns));
	for (;;) {
		uint64_t before = view->work.own;
		const struct err *e = pid_iter_next(&it, view->kernel, &tgid, &task);

		if (!e && (gva_is_null(task) || !emit_number(emit, context, tgid)))
			return NULL;
		TRY(view_pass_over(view, e));
		if (!e) /* of these there are PID_LISTED_MAX at most: what is wrong counts */
			give_back(view, before);
	}
}

/* Threads are found here too, though not listed (proc_pid_lookup()). */
const struct err *proc_pid_find(struct proc_view *view, const struct proc_node *dir,
				struct proc_node *ret)
{
	(void)dir;
	if (!name_to_number(ret->name, &ret->tgid))
		return ERR(ERR_ABSENT, "the guest has no /proc/%.64s", ret->name);
	ret->tid = 0;
	return pid_find_task(view->kernel, view->pid_ns, ret->tgid, &ret->task);
}

const struct err *pid_task_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
				void *context)
{
	struct list_iter threads;
	struct task leader;
	uint32_t count;
	int32_t tid;
	gva_t thread;

	TRY(task_read(view->kernel, dir->task, &leader));
	TRY(signal_thread_count(view->kernel, &leader, &count));
	if (!count)
		return NULL;
	TRY(task_threads_init(&threads, view->kernel, &leader));
	for (;;) {
		const struct err *e = task_threads_next(&threads, view->kernel, &thread);

		if (!e && gva_is_null(thread))
			return NULL;
		if (!e)
			e = pid_task_number(view->kernel, thread, PID_KIND_PID, view->pid_ns, &tid);
		if (!e && tid && !emit_number(emit, context, (uint32_t)tid))
			return NULL;
		TRY(view_pass_over(view, e));
	}
}

const struct err *pid_task_find(struct proc_view *view, const struct proc_node *dir,
				struct proc_node *ret)
{
	struct task leader, thread;

	if (!name_to_number(ret->name, &ret->tid))
		return ERR(ERR_ABSENT, "the guest has no thread %.64s", ret->name);
	TRY(pid_find_task(view->kernel, view->pid_ns, ret->tid, &ret->task));
	TRY(task_read(view->kernel, dir->task, &leader));
	TRY(task_read(view->kernel, ret->task, &thread));
	if (!gva_equal(leader.signal, thread.signal)) /* same_thread_group() */
		return ERR(ERR_ABSENT, "the guest has no thread %u there", ret->tid);
	return NULL;
}
