/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System V IPC: questions are about the guest's objects, which nobody removes or changes. What a
 * tool makes for itself is its own namespace's, and native.
 */
#include <sys/ipc.h>

#include "transcall/proc/ipc_answer.h"
#include "transcall/sys/refuse.h"

#define IPC_64 0x0100 /* a flag of commands, which 64-bit callers need not set */

static int command(uint64_t arg)
{
	return (int)arg & ~IPC_64;
}

static void answer_with(const struct call *call, uint64_t buffer, const struct ipc_answer *a,
			struct answer *ret)
{
	int errnum = a->errnum;

	if (!errnum && a->len_bytes)
		errnum = tracee_write(&call->who, buffer, a->bytes, a->len_bytes);
	if (errnum)
		answer_error(ret, errnum);
	else
		answer_value(ret, a->value);
}

static const struct err *control(struct sys *s, const struct call *call,
				 const struct ipc_question *q, uint64_t buffer, struct answer *ret)
{
	struct ipc_answer a;

	if (q->cmd == IPC_RMID || q->cmd == IPC_SET) {
		refuse(s, call, ret);
		return NULL;
	}
	if (!ipc_asks(q->kind, q->cmd)) {
		answer_native(ret);
		return NULL;
	}
	TRY(vfs_want(&s->vfs, "/proc/sysvipc"));
	TRY(guest_ipc(s->guest, q, &a));
	answer_with(call, buffer, &a, ret);
	return NULL;
}

/* msgctl(id, cmd, buffer) */
const struct err *sys_msgctl(struct sys *s, const struct call *call, struct answer *ret)
{
	struct ipc_question q = {
		.kind = IPC_KIND_MSG, .id = (int32_t)call->args[0], .cmd = command(call->args[1])};

	return control(s, call, &q, call->args[2], ret);
}

/* shmctl(id, cmd, buffer) */
const struct err *sys_shmctl(struct sys *s, const struct call *call, struct answer *ret)
{
	struct ipc_question q = {
		.kind = IPC_KIND_SHM, .id = (int32_t)call->args[0], .cmd = command(call->args[1])};

	return control(s, call, &q, call->args[2], ret);
}

/* semctl(id, number, cmd, argument) */
const struct err *sys_semctl(struct sys *s, const struct call *call, struct answer *ret)
{
	struct ipc_question q = {.kind = IPC_KIND_SEM,
				 .id = (int32_t)call->args[0],
				 .index = (uint32_t)call->args[1],
				 .cmd = command(call->args[2])};

	return control(s, call, &q, call->args[3], ret);
}
