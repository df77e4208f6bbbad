/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was set for a process: the guest's from its kernel, the tool's own natively. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "transcall/sys/process.h"
#include "transcall/sys/refuse.h"

#define IOPRIO_WHO_PROCESS 1 /* include/uapi/linux/ioprio.h */

/* struct sched_attr, include/uapi/linux/sched/types.h, as it was first (SCHED_ATTR_SIZE_VER0): of
 * what was added, clamps of utilisation, nothing is told, and the size says so. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns, deadline_ns, period_ns;
};

/*
 * *@ret_errnum: 0 and @ret is set; ESRCH; or -1: the call is about the tool's own, and native.
 */
static const struct err *settings_find(struct sys *s, const struct call *call, int32_t pid,
				       struct settings *ret, int *ret_errnum)
{
	struct proc_node node;
	const struct err *e;
	bool own;

	*ret_errnum = -1;
	TRY(process_is_own(s, call, pid, &own));
	if (own)
		return NULL;
	*ret_errnum = 0;
	e = process_find(s, (uint32_t)pid, &node);
	if (!e)
		e = proc_settings(s->guest->view, &node, ret);
	if (!e || e->kind != ERR_ABSENT)
		return e;
	*ret_errnum = ESRCH;
	return NULL;
}

/* The answer where there is nothing to tell. True: go on. */
static bool is_found(int errnum, struct answer *ret)
{
	if (errnum < 0)
		answer_native(ret);
	else if (errnum)
		answer_error(ret, errnum);
	return errnum == 0;
}

/* prlimit64(pid, resource, new, old) */
const struct err *sys_prlimit(struct sys *s, const struct call *call, struct answer *ret)
{
	const uint64_t *args = call->args;
	struct settings settings;
	uint64_t pair[2];
	int errnum;

	TRY(settings_find(s, call, (int32_t)args[0], &settings, &errnum));
	if (!is_found(errnum, ret))
		return NULL;
	if ((uint32_t)args[1] >= SIGNAL_LIMITS) {
		answer_error(ret, EINVAL);
		return NULL;
	}
	if (args[2]) {
		refuse(s, call, ret);
		return NULL;
	}
	pair[0] = settings.limits.soft[args[1]];
	pair[1] = settings.limits.hard[args[1]];
	answer_written(ret, args[3] ? tracee_write(&call->who, args[3], pair, sizeof(pair)) : 0);
	return NULL;
}

/* ioprio_get(which, who) */
const struct err *sys_ioprio_get(struct sys *s, const struct call *call, struct answer *ret)
{
	struct settings settings;
	int errnum;

	if ((int)call->args[0] != IOPRIO_WHO_PROCESS) {
		answer_error(ret, ESRCH);
		return NULL;
	}
	TRY(settings_find(s, call, (int32_t)call->args[1], &settings, &errnum));
	if (is_found(errnum, ret))
		answer_value(ret, settings.ioprio);
	return NULL;
}

/* sched_getattr(pid, attr, size, flags) */
const struct err *sys_sched_getattr(struct sys *s, const struct call *call, struct answer *ret)
{
	struct settings settings;
	struct attributes a;
	int errnum;

	TRY(settings_find(s, call, (int32_t)call->args[0], &settings, &errnum));
	if (!is_found(errnum, ret))
		return NULL;
	if (call->args[2] < sizeof(a)) {
		answer_error(ret, EINVAL);
		return NULL;
	}
	a = (struct attributes){.size = sizeof(a),
				.policy = settings.policy,
				.flags = settings.flags,
				.nice = settings.nice,
				.priority = settings.priority,
				.runtime_ns = settings.runtime_ns,
				.deadline_ns = settings.deadline_ns,
				.period_ns = settings.period_ns};
	answer_written(ret, tracee_write(&call->who, call->args[1], &a, sizeof(a)));
	return NULL;
}
