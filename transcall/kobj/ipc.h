/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ipc - System V message queues, semaphores and shared memory of an IPC namespace (ipc/). */
#ifndef TC_KOBJ_IPC_H
#define TC_KOBJ_IPC_H

#include "transcall/kobj/kernel.h"

enum ipc_kind { IPC_KIND_SEM, IPC_KIND_MSG, IPC_KIND_SHM }; /* IPC_SEM_IDS ..., ipc/util.h */

#define IPC_SEMS_MAX 32000 /* SEMMSL */

/* Ids are the kernel's: map them before they are shown. */
struct kipc_perm {
	int32_t key, id;
	uint32_t uid, gid, cuid, cgid, mode;
	uint64_t seq;
};

struct ipc_msg {
	struct kipc_perm perm;
	uint64_t stime, rtime, ctime, bytes, messages, bytes_max;
	gva_t last_sender, last_receiver; /* struct pid; may be null */
};

struct ipc_sem {
	struct kipc_perm perm;
	uint64_t otime, ctime;
	uint32_t count;
};

struct ipc_shm {
	struct kipc_perm perm;
	uint64_t bytes, attached, atime, dtime, ctime, resident_pages, swapped_pages;
	gva_t creator, last; /* struct pid; may be null */
};

/* The IPC namespace of a task. Return: NULL; ABSENT: it has none any more; FAULT; fatal. */
MUST_CHECK const struct err *ipc_of_task(const struct kernel *k, gva_t task, gva_t *ret);

/**
 * ipc_next() - the first object of @kind at or after an index
 * @index: in: where to begin; out: where the object is
 * @ret:   out: its struct kern_ipc_perm; null: there is none
 */
MUST_CHECK const struct err *ipc_next(const struct kernel *k, gva_t ns, enum ipc_kind kind,
				      uint64_t *index, gva_t *ret);

/* ipc_obtain_object_idr(): the object at the index that is in @id; null: there is none. */
MUST_CHECK const struct err *ipc_find(const struct kernel *k, gva_t ns, enum ipc_kind kind,
				      int32_t id, gva_t *ret);

/* What is at a struct kern_ipc_perm of each kind. */
MUST_CHECK const struct err *ipc_perm_read(const struct kernel *k, gva_t at, struct kipc_perm *ret);
MUST_CHECK const struct err *ipc_msg_read(const struct kernel *k, gva_t at, struct ipc_msg *ret);
MUST_CHECK const struct err *ipc_sem_read(const struct kernel *k, gva_t at, struct ipc_sem *ret);
MUST_CHECK const struct err *ipc_shm_read(const struct kernel *k, gva_t at, struct ipc_shm *ret);

/* One semaphore (@index < ipc_sem.count) of the set at @at: its value, and who last changed it. */
struct ipc_semval {
	int32_t value;
	gva_t last; /* struct pid; may be null */
};
MUST_CHECK const struct err *ipc_semval_read(const struct kernel *k, gva_t at, uint32_t index,
					     struct ipc_semval *ret);

/* count_semcnt(): how many tasks wait for it to become 0, or else to grow. */
MUST_CHECK const struct err *ipc_sem_waiting(const struct kernel *k, gva_t at, uint32_t index,
					     bool for_zero, uint32_t *ret);

/* How many objects of @kind there are, and the greatest index, or -1. */
struct ipc_use {
	uint32_t objects;
	int32_t max_index;
};
MUST_CHECK const struct err *ipc_use_read(const struct kernel *k, gva_t ns, enum ipc_kind kind,
					  struct ipc_use *ret);

/* Limits of a namespace, and what all of it together uses. */
struct ipc_limits {
	uint32_t msg_max, msg_mnb, msg_mni, sem[4] /* msl, mns, opm, mni */, shm_mni;
	uint64_t shm_max, shm_all;
	uint64_t msg_bytes, messages, semaphores, shm_pages;
};
MUST_CHECK const struct err *ipc_limits_read(const struct kernel *k, gva_t ns,
					     struct ipc_limits *ret);

#endif
