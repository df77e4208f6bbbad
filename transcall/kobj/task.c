/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One task_struct. Input: attacker-controlled. */
#include "transcall/kobj/task.h"

#include "transcall/kobj/pid.h"

/* include/linux/sched.h; bits that a kernel lacks are never set in it */
#define STATE_REPORT          0x7fu /* TASK_REPORT: what has a letter of its own */
#define STATE_REPORT_IDLE     0x80u /* TASK_REPORT_IDLE */
#define STATE_UNINTERRUPTIBLE 0x02u
#define STATE_IDLE            0x402u  /* TASK_UNINTERRUPTIBLE | TASK_NOLOAD */
#define STATE_RTLOCK_WAIT     0x1000u /* since 5.15 */
#define STATE_FROZEN          0x8000u /* since 6.1 */

const struct err *task_read(const struct kernel *k, gva_t at, struct task *ret)
{
	uint64_t flags;
	int64_t pid, tgid;

	ret->at = at;
	TRY(kfield_uint(k, at, F_task_struct_flags, &flags));
	TRY(kfield_int(k, at, F_task_struct_pid, &pid));
	TRY(kfield_int(k, at, F_task_struct_tgid, &tgid));
	TRY(kfield_ptr(k, at, F_task_struct_mm, &ret->mm));
	TRY(kfield_ptr(k, at, F_task_struct_signal, &ret->signal));
	TRY(kfield_ptr(k, at, F_task_struct_sighand, &ret->sighand));
	ret->flags = (uint32_t)flags;
	ret->pid = (int32_t)pid;
	ret->tgid = (int32_t)tgid;
	if (ret->flags & TASK_FLAG_KTHREAD) /* get_task_mm() */
		ret->mm = gva(0);
	return NULL;
}

const struct err *task_name(const struct kernel *k, const struct task *t,
			    char ret[static TASK_NAME_BYTES])
{
	if (t->flags & TASK_FLAG_WQ_WORKER)
		return kthread_worker_name(k, t->at, ret);
	if (t->flags & TASK_FLAG_KTHREAD)
		return kthread_name(k, t->at, ret);
	return kfield_str(k, t->at, F_task_struct_comm, ret, TASK_NAME_BYTES);
}

/* __task_state_index() */
static unsigned state_index(uint64_t state, uint64_t exit_state)
{
	uint64_t report = (state | exit_state) & STATE_REPORT;
	unsigned index = 0;

	if ((state & STATE_IDLE) == STATE_IDLE)
		report = STATE_REPORT_IDLE;
	if (state & (STATE_RTLOCK_WAIT | STATE_FROZEN))
		report = STATE_UNINTERRUPTIBLE;
	while (report) { /* fls() */
		report >>= 1;
		index++;
	}
	return index;
}

const struct err *task_state(const struct kernel *k, const struct task *t, const char **ret)
{
	/* task_state_array[], fs/proc/array.c */
	static const char *const names[] = {
		"R (running)", "S (sleeping)", "D (disk sleep)", "T (stopped)", "t (tracing stop)",
		"X (dead)",    "Z (zombie)",   "P (parked)",     "I (idle)",
	};
	uint64_t state, exit_state;

	TRY(kfield_uint(k, t->at, F_task_struct_state, &state));
	TRY(kfield_uint(k, t->at, F_task_struct_exit_state, &exit_state));
	*ret = names[state_index(state, exit_state)];
	return NULL;
}

const struct err *task_is_runnable(const struct kernel *k, const struct task *t, bool *ret)
{
	uint64_t state;

	TRY(kfield_uint(k, t->at, F_task_struct_state, &state));
	*ret = state == 0;
	return NULL;
}

const struct err *task_threads_init(struct list_iter *it, const struct kernel *k,
				    const struct task *t)
{
	return list_init(it, k, kfield_at(k, t->signal, F_signal_struct_thread_head));
}

const struct err *task_threads_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	TRY(list_next(it, k, ret));
	if (!gva_is_null(*ret))
		*ret = kfield_container(k, *ret, F_task_struct_thread_node);
	return NULL;
}

const struct err *task_ppid(const struct kernel *k, const struct task *t, gva_t ns, int32_t *ret)
{
	gva_t pid, parent;

	*ret = 0;
	TRY(pid_of_task(k, t->at, PID_KIND_PID, &pid));
	if (gva_is_null(pid)) /* pid_alive() */
		return NULL;
	TRY(kfield_ptr(k, t->at, F_task_struct_real_parent, &parent));
	return pid_task_number(k, parent, PID_KIND_TGID, ns, ret);
}

const struct err *task_tracer(const struct kernel *k, const struct task *t, gva_t ns, int32_t *ret)
{
	uint64_t ptrace;
	gva_t parent;

	*ret = 0;
	TRY(kfield_uint(k, t->at, F_task_struct_ptrace, &ptrace));
	if (!ptrace)
		return NULL;
	TRY(kfield_ptr(k, t->at, F_task_struct_parent, &parent));
	return pid_task_number(k, parent, PID_KIND_PID, ns, ret);
}

const struct err *task_pid_ns(const struct kernel *k, gva_t task, gva_t *ret)
{
	struct pid_numbers numbers;
	gva_t pid;

	TRY(pid_of_task(k, task, PID_KIND_PID, &pid));
	if (gva_is_null(pid))
		return ERR(ERR_ABSENT, "the process is gone");
	TRY(pid_read_numbers(k, pid, &numbers));
	*ret = numbers.ns[numbers.level];
	return NULL;
}

const struct err *task_user_ns(const struct kernel *k, gva_t task, gva_t *ret)
{
	gva_t cred;

	TRY(kfield_ptr(k, task, F_task_struct_real_cred, &cred));
	return kfield_ptr(k, cred, F_cred_user_ns, ret);
}
