/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipc_answer - what msgctl(2), semctl(2) and shmctl(2) say of the objects of the guest.
 *
 * The structures are the kernel's own (include/uapi/linux/{msg,sem,shm}.h), which those of the C
 * library's <sys/...> headers are, too, on x86-64.
 */
#ifndef TC_PROC_IPC_ANSWER_H
#define TC_PROC_IPC_ANSWER_H

#include "transcall/kobj/ipc.h"
#include "transcall/proc/tree.h"

#define IPC_ANSWER_BYTES 128 /* of the largest structure */

struct ipc_answer {
	int errnum;       /* not 0: the call fails with it */
	int32_t value;    /* else it returns this */
	size_t len_bytes; /* and writes these */
	uint8_t bytes[IPC_ANSWER_BYTES];
};

/* Is @cmd one of those that only ask, and whose answer is below? */
bool ipc_asks(enum ipc_kind kind, int cmd);

/* @index: of a semaphore in a set, for GETVAL, GETPID, GETNCNT and GETZCNT. */
struct ipc_question {
	enum ipc_kind kind;
	int32_t id;
	uint32_t index;
	int cmd;
};

/* Return: NULL; FAULT, RACE: it could not be read; fatal. */
MUST_CHECK const struct err *ipc_answer(struct proc_view *view, const struct ipc_question *q,
					struct ipc_answer *ret);

#endif
