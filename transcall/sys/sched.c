/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions about how a process is scheduled: the guest's from its tree, the tool's own natively.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include "transcall/sys/process.h"

#define CPU_WORDS 128 /* 8192 CPUs, NR_CPUS of the largest kernels */

/* One field of /proc/PID/stat as the answer; ESRCH for who is not there. */
static const struct err *field(struct sys *s, uint32_t pid, enum process_field id,
			       struct answer *ret)
{
	int64_t value;
	const struct err *e = process_stat(s, pid, id, &value);

	if (e && e->kind != ERR_ABSENT)
		return e;
	if (e)
		answer_error(ret, ESRCH);
	else
		answer_value(ret, value);
	return NULL;
}

const struct err *sys_sched_getscheduler(struct sys *s, const struct call *call, struct answer *ret)
{
	bool own;

	answer_native(ret);
	TRY(process_is_own(s, call, (int32_t)call->args[0], &own));
	return own ? NULL : field(s, (uint32_t)call->args[0], STAT_POLICY, ret);
}

const struct err *sys_sched_getparam(struct sys *s, const struct call *call, struct answer *ret)
{
	struct sched_param param;
	bool own;

	answer_native(ret);
	TRY(process_is_own(s, call, (int32_t)call->args[0], &own));
	if (own)
		return NULL;
	TRY(field(s, (uint32_t)call->args[0], STAT_RT_PRIORITY, ret));
	if (ret->kind != ANSWER_VALUE)
		return NULL;
	param.sched_priority = (int)ret->value;
	answer_written(ret, tracee_write(&call->who, call->args[1], &param, sizeof(param)));
	return NULL;
}

/*
 * The system call returns 20 - nice, so that no value looks like an error. The tool's own processes
 * are not there by number, as /proc does not list them: chkproc takes the difference for a sign.
 */
const struct err *sys_getpriority(struct sys *s, const struct call *call, struct answer *ret)
{
	answer_native(ret);
	if ((int)call->args[0] != PRIO_PROCESS) {
		answer_error(ret, ESRCH);
		return NULL;
	}
	TRY(field(s, (uint32_t)call->args[1], STAT_NICE, ret));
	if (ret->kind == ANSWER_VALUE)
		ret->value = 20 - ret->value;
	return NULL;
}

const struct err *sys_getpgid(struct sys *s, const struct call *call, struct answer *ret)
{
	bool own;

	answer_native(ret);
	TRY(process_is_own(s, call, (int32_t)call->args[0], &own));
	if (own)
		return NULL;
	return field(s, (uint32_t)call->args[0], call->nr == SYS_getpgid ? STAT_PGRP : STAT_SESSION,
		     ret);
}

/* "ff,ffffffff": words of 32 CPUs, the highest first. Returns how many words there are. */
static size_t parse_mask(const char *text, uint32_t words[static CPU_WORDS])
{
	size_t count = 0;
	const char *end = text + strcspn(text, " ");

	memset(words, 0, CPU_WORDS * sizeof(words[0]));
	while (end > text && count < CPU_WORDS) {
		const char *at = end;

		while (at > text && at[-1] != ',')
			at--;
		words[count++] = (uint32_t)strtoul(at, NULL, 16);
		end = at > text ? at - 1 : at;
	}
	return count;
}

/* The kernel copies whole longs, as many as its CPUs need (kernel/sched/syscalls.c). */
const struct err *sys_sched_getaffinity(struct sys *s, const struct call *call, struct answer *ret)
{
	uint32_t words[CPU_WORDS];
	char text[4096];
	size_t len_bytes;
	bool own;

	TRY(process_is_own(s, call, (int32_t)call->args[0], &own));
	uint32_t pid = own ? s->guest->reader_pid : (uint32_t)call->args[0];
	const struct err *e = process_status(s, pid, "Cpus_allowed", text, sizeof(text));
	if (e && e->kind != ERR_ABSENT)
		return e;
	if (e) {
		answer_error(ret, ESRCH);
		return NULL;
	}
	len_bytes = (parse_mask(text, words) + 1) / 2 * sizeof(uint64_t);
	if (call->args[1] < len_bytes || call->args[1] % sizeof(uint64_t)) {
		answer_error(ret, EINVAL);
		return NULL;
	}
	answer_written(ret, tracee_write(&call->who, call->args[2], words, len_bytes));
	if (ret->kind == ANSWER_VALUE)
		ret->value = (int64_t)len_bytes;
	return NULL;
}

/* The slice depends on what else is in the queue; 0 is what an idle queue gives. */
const struct err *sys_sched_rr_get_interval(struct sys *s, const struct call *call,
					    struct answer *ret)
{
	struct timespec interval = {0};
	struct proc_node node;
	const struct err *e;
	bool own;

	answer_native(ret);
	TRY(process_is_own(s, call, (int32_t)call->args[0], &own));
	if (own)
		return NULL;
	e = process_find(s, (uint32_t)call->args[0], &node);
	if (e && e->kind != ERR_ABSENT)
		return e;
	if (e)
		answer_error(ret, ESRCH);
	else
		answer_written(
			ret, tracee_write(&call->who, call->args[1], &interval, sizeof(interval)));
	return NULL;
}
