/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that would change the guest, or a process of it. */
#include "transcall/sys/refuse.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "transcall/sys/process.h"
#include "transcall/sys/syscalls.h"

#define IOPRIO_WHO_PROCESS 1 /* include/uapi/linux/ioprio.h */

void refuse(struct sys *s, const struct call *call, struct answer *ret)
{
	unsigned nr = (unsigned)call->nr;
	bool is_new = nr < SYSCALLS_LIMIT && !(s->said[nr / 64] >> nr % 64 & 1);

	answer_error(ret, EPERM);
	if (!is_new)
		return;
	s->said[nr / 64] |= UINT64_C(1) << nr % 64;
	fprintf(stderr, "transcall: %s() is refused: the guest is looked at, not changed\n",
		syscalls_name(call->nr));
}

const struct err *sys_refused(struct sys *s, const struct call *call, struct answer *ret)
{
	refuse(s, call, ret);
	return NULL;
}

/* What a call that sets something is about: a process; a group or a user (-1); the caller (0). */
static int32_t subject(const struct call *call)
{
	if (call->nr == SYS_setpriority)
		return call->args[0] == PRIO_PROCESS ? (int32_t)call->args[1] : -1;
	if (call->nr == SYS_ioprio_set)
		return call->args[0] == IOPRIO_WHO_PROCESS ? (int32_t)call->args[1] : -1;
	return (int32_t)call->args[0];
}

const struct err *sys_set_process(struct sys *s, const struct call *call, struct answer *ret)
{
	int32_t pid = subject(call);
	struct proc_node node;
	const struct err *e;
	bool own;

	answer_native(ret);
	if (pid < 0) {
		refuse(s, call, ret);
		return NULL;
	}
	TRY(process_is_own(s, call, pid, &own));
	if (own)
		return NULL;
	e = process_find(s, (uint32_t)pid, &node);
	if (e && e->kind != ERR_ABSENT)
		return e;
	if (e)
		answer_error(ret, ESRCH);
	else
		refuse(s, call, ret);
	return NULL;
}
