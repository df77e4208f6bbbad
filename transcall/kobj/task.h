/* SPDX-License-Identifier: GPL-2.0-or-later */
/* task - one task_struct: a process or thread. Plain values; numbers as a pid namespace sees them.
 */
#ifndef TC_KOBJ_TASK_H
#define TC_KOBJ_TASK_H

#include "transcall/kobj/kernel.h"
#include "transcall/kobj/kthread.h"
#include "transcall/kobj/list.h"

/* task->flags (include/linux/sched.h; the same since 4.x) */
#define TASK_FLAG_EXITING   0x00000004u
#define TASK_FLAG_WQ_WORKER 0x00000020u
#define TASK_FLAG_DUMPCORE  0x00000200u
#define TASK_FLAG_KTHREAD   0x00200000u

#define TASK_NAME_BYTES KTHREAD_NAME_BYTES

/* What every reader of a task starts from. */
struct task {
	gva_t at;
	gva_t mm; /* null for kernel threads (also those that borrow one) and the dead */
	gva_t signal, sighand;
	uint32_t flags;
	int32_t pid, tgid; /* in the initial pid namespace */
};
MUST_CHECK const struct err *task_read(const struct kernel *k, gva_t at, struct task *ret);

/* proc_task_name(): comm, or the longer name of a kernel thread. */
MUST_CHECK const struct err *task_name(const struct kernel *k, const struct task *t,
				       char ret[static TASK_NAME_BYTES]);

/* get_task_state(): "S (sleeping)" and the like. */
MUST_CHECK const struct err *task_state(const struct kernel *k, const struct task *t,
					const char **ret);

/* __state is TASK_RUNNING: running or on a run queue. */
MUST_CHECK const struct err *task_is_runnable(const struct kernel *k, const struct task *t,
					      bool *ret);

/* Walk over the threads of a process, in the order of /proc/PID/task. */
MUST_CHECK const struct err *task_threads_init(struct list_iter *it, const struct kernel *k,
					       const struct task *t);
/* @ret null: the end. */
MUST_CHECK const struct err *task_threads_next(struct list_iter *it, const struct kernel *k,
					       gva_t *ret);

/* ppid (tgid of real_parent) in @ns; 0 for one that was reaped. */
MUST_CHECK const struct err *task_ppid(const struct kernel *k, const struct task *t, gva_t ns,
				       int32_t *ret);
/* TracerPid: pid of the tracer in @ns, or 0. */
MUST_CHECK const struct err *task_tracer(const struct kernel *k, const struct task *t, gva_t ns,
					 int32_t *ret);

/* The pid namespace and user namespace that a task is in. */
MUST_CHECK const struct err *task_pid_ns(const struct kernel *k, gva_t task, gva_t *ret);
MUST_CHECK const struct err *task_user_ns(const struct kernel *k, gva_t task, gva_t *ret);

#endif
