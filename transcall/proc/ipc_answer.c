/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that ask for System V IPC objects. Input: attacker-controlled. */
#include "transcall/proc/ipc_answer.h"

#include <errno.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "transcall/kobj/pid.h"
#include "transcall/proc/view.h"

/* include/uapi/linux/{msg,sem,shm}.h: limits that are not kept any more, and told all the same. */
#define OLD_MSG_MNB 16384 /* MSGTQL, MSGMAP */
#define OLD_MSGPOOL (32000 * OLD_MSG_MNB / 1024)
#define OLD_MSGSSZ  16
#define OLD_MSGSEG  0xffff
#define OLD_SEMMNS  (32000 * 32000) /* SEMMNU, SEMMAP */
#define OLD_SEMOPM  500             /* SEMUME */
#define OLD_SEMVMX  32767           /* SEMAEM */
#define OLD_SEMUSZ  20
#define OLD_SHMMIN  1

/* What is asked: of all objects, of the one at an index, or of one by its whole number. */
static const struct {
	int info, stat, stat_any;
} commands[] = {
	[IPC_KIND_SEM] = {SEM_INFO, SEM_STAT, SEM_STAT_ANY},
	[IPC_KIND_MSG] = {MSG_INFO, MSG_STAT, MSG_STAT_ANY},
	[IPC_KIND_SHM] = {SHM_INFO, SHM_STAT, SHM_STAT_ANY},
};

static bool asks_semaphore(int cmd)
{
	return cmd == GETVAL || cmd == GETPID || cmd == GETNCNT || cmd == GETZCNT;
}

bool ipc_asks(enum ipc_kind kind, int cmd)
{
	return (kind == IPC_KIND_SEM && asks_semaphore(cmd)) || cmd == IPC_INFO ||
	       cmd == IPC_STAT || cmd == commands[kind].info || cmd == commands[kind].stat ||
	       cmd == commands[kind].stat_any;
}

static void put(struct ipc_answer *ret, const void *bytes, size_t len_bytes)
{
	_Static_assert(sizeof(struct msqid_ds) <= IPC_ANSWER_BYTES &&
			       sizeof(struct semid_ds) <= IPC_ANSWER_BYTES &&
			       sizeof(struct shmid_ds) <= IPC_ANSWER_BYTES,
		       "each structure has room in an answer");
	memcpy(ret->bytes, bytes, len_bytes);
	ret->len_bytes = len_bytes;
}

/* --- limits, and what is used ------------------------------------------------------------- */

static int int_of(uint64_t v)
{
	return v > INT32_MAX ? INT32_MAX : (int)v;
}

static const struct err *msg_info(struct proc_view *view, gva_t ns, const struct ipc_use *use,
				  struct ipc_answer *ret)
{
	struct ipc_limits l;

	TRY(ipc_limits_read(view->kernel, ns, &l));
	struct msginfo info = {
		.msgpool = use ? (int)use->objects : OLD_MSGPOOL,
		.msgmap = use ? int_of(l.messages) : OLD_MSG_MNB,
		.msgmax = (int)l.msg_max,
		.msgmnb = (int)l.msg_mnb,
		.msgmni = (int)l.msg_mni,
		.msgssz = OLD_MSGSSZ,
		.msgtql = use ? int_of(l.msg_bytes) : OLD_MSG_MNB,
		.msgseg = OLD_MSGSEG,
	};
	put(ret, &info, sizeof(info));
	return NULL;
}

static const struct err *sem_info(struct proc_view *view, gva_t ns, const struct ipc_use *use,
				  struct ipc_answer *ret)
{
	struct ipc_limits l;

	TRY(ipc_limits_read(view->kernel, ns, &l));
	struct seminfo info = {
		.semmap = OLD_SEMMNS,
		.semmni = (int)l.sem[3],
		.semmns = (int)l.sem[1],
		.semmnu = OLD_SEMMNS,
		.semmsl = (int)l.sem[0],
		.semopm = (int)l.sem[2],
		.semume = OLD_SEMOPM,
		.semusz = use ? (int)use->objects : OLD_SEMUSZ,
		.semvmx = OLD_SEMVMX,
		.semaem = use ? int_of(l.semaphores) : OLD_SEMVMX,
	};
	put(ret, &info, sizeof(info));
	return NULL;
}

/* shm_get_stat() */
static const struct err *shm_sums(const struct kernel *k, gva_t ns, struct shm_info *ret)
{
	struct ipc_shm s;
	gva_t at;

	for (uint64_t index = 0;; index++) {
		TRY(ipc_next(k, ns, IPC_KIND_SHM, &index, &at));
		if (gva_is_null(at))
			return NULL;
		TRY(ipc_shm_read(k, at, &s));
		ret->shm_rss += s.resident_pages;
		ret->shm_swp += s.swapped_pages;
	}
}

static const struct err *shm_info(struct proc_view *view, gva_t ns, const struct ipc_use *use,
				  struct ipc_answer *ret)
{
	struct ipc_limits l;

	TRY(ipc_limits_read(view->kernel, ns, &l));
	struct shminfo limits = {.shmmax = l.shm_max,
				 .shmmin = OLD_SHMMIN,
				 .shmmni = l.shm_mni,
				 .shmseg = l.shm_mni,
				 .shmall = l.shm_all};
	struct shm_info used = {.shm_tot = l.shm_pages};
	if (!use) {
		put(ret, &limits, sizeof(limits));
		return NULL;
	}
	used.used_ids = (int)use->objects;
	TRY(shm_sums(view->kernel, ns, &used));
	put(ret, &used, sizeof(used));
	return NULL;
}

/* --- one object --------------------------------------------------------------------------- */

/* kernel_to_ipc64_perm() */
static const struct err *perm_of(struct proc_view *view, const struct kipc_perm *p,
				 struct ipc_perm *ret)
{
	ret->__key = p->key;
	ret->mode = p->mode;
	ret->__seq = (unsigned short)p->seq;
	TRY(view_uid(view, p->uid, &ret->uid));
	TRY(view_gid(view, p->gid, &ret->gid));
	TRY(view_uid(view, p->cuid, &ret->cuid));
	return view_gid(view, p->cgid, &ret->cgid);
}

static const struct err *msg_stat(struct proc_view *view, gva_t at, struct ipc_answer *ret)
{
	struct msqid_ds ds = {0};
	struct ipc_msg m;

	TRY(ipc_msg_read(view->kernel, at, &m));
	TRY(perm_of(view, &m.perm, &ds.msg_perm));
	ds.msg_stime = (time_t)m.stime;
	ds.msg_rtime = (time_t)m.rtime;
	ds.msg_ctime = (time_t)m.ctime;
	ds.__msg_cbytes = m.bytes;
	ds.msg_qnum = m.messages;
	ds.msg_qbytes = m.bytes_max;
	TRY(pid_number(view->kernel, m.last_sender, view->pid_ns, &ds.msg_lspid));
	TRY(pid_number(view->kernel, m.last_receiver, view->pid_ns, &ds.msg_lrpid));
	put(ret, &ds, sizeof(ds));
	return NULL;
}

static const struct err *sem_stat(struct proc_view *view, gva_t at, struct ipc_answer *ret)
{
	struct semid_ds ds = {0};
	struct ipc_sem s;

	TRY(ipc_sem_read(view->kernel, at, &s));
	TRY(perm_of(view, &s.perm, &ds.sem_perm));
	ds.sem_otime = (time_t)s.otime;
	ds.sem_ctime = (time_t)s.ctime;
	ds.sem_nsems = s.count;
	put(ret, &ds, sizeof(ds));
	return NULL;
}

static const struct err *shm_stat(struct proc_view *view, gva_t at, struct ipc_answer *ret)
{
	struct shmid_ds ds = {0};
	struct ipc_shm s;

	TRY(ipc_shm_read(view->kernel, at, &s));
	TRY(perm_of(view, &s.perm, &ds.shm_perm));
	ds.shm_segsz = s.bytes;
	ds.shm_atime = (time_t)s.atime;
	ds.shm_dtime = (time_t)s.dtime;
	ds.shm_ctime = (time_t)s.ctime;
	ds.shm_nattch = s.attached;
	TRY(pid_number(view->kernel, s.creator, view->pid_ns, &ds.shm_cpid));
	TRY(pid_number(view->kernel, s.last, view->pid_ns, &ds.shm_lpid));
	put(ret, &ds, sizeof(ds));
	return NULL;
}

/* --- the calls ---------------------------------------------------------------------------- */

static const struct {
	const struct err *(*info)(struct proc_view *view, gva_t ns, const struct ipc_use *use,
				  struct ipc_answer *ret);
	const struct err *(*stat)(struct proc_view *view, gva_t at, struct ipc_answer *ret);
} answers[] = {
	[IPC_KIND_SEM] = {sem_info, sem_stat},
	[IPC_KIND_MSG] = {msg_info, msg_stat},
	[IPC_KIND_SHM] = {shm_info, shm_stat},
};

/* The object of @id, and its own number; EINVAL: there is none, or @whole and it is another. */
static const struct err *object_find(struct proc_view *view, gva_t ns, enum ipc_kind kind,
				     int32_t id, bool whole, gva_t *ret_at, struct ipc_answer *ret)
{
	struct kipc_perm perm;

	TRY(ipc_find(view->kernel, ns, kind, id, ret_at));
	ret->errnum = EINVAL;
	if (id < 0 || gva_is_null(*ret_at))
		return NULL;
	TRY(ipc_perm_read(view->kernel, *ret_at, &perm));
	if (whole && perm.id != id)
		return NULL;
	ret->errnum = 0;
	ret->value = whole ? 0 : perm.id;
	return NULL;
}

/* Of one semaphore. Who waits is told only when that is asked: it takes walks. */
static const struct err *semval_answer(struct proc_view *view, gva_t at,
				       const struct ipc_question *q, int32_t *ret)
{
	const struct kernel *k = view->kernel;
	struct ipc_semval v;
	uint32_t waiting;

	if (q->cmd == GETNCNT || q->cmd == GETZCNT) {
		TRY(ipc_sem_waiting(k, at, q->index, q->cmd == GETZCNT, &waiting));
		*ret = (int32_t)waiting;
		return NULL;
	}
	TRY(ipc_semval_read(k, at, q->index, &v));
	*ret = v.value;
	return q->cmd == GETPID ? pid_number(k, v.last, view->pid_ns, ret) : NULL;
}

static const struct err *sem_answer(struct proc_view *view, gva_t ns, const struct ipc_question *q,
				    struct ipc_answer *ret)
{
	struct ipc_sem set;
	gva_t at;

	TRY(object_find(view, ns, IPC_KIND_SEM, q->id, true, &at, ret));
	if (ret->errnum)
		return NULL;
	TRY(ipc_sem_read(view->kernel, at, &set));
	if (q->index >= set.count) {
		ret->errnum = EINVAL;
		return NULL;
	}
	return semval_answer(view, at, q, &ret->value);
}

static bool is_info(const struct ipc_question *q)
{
	return q->cmd == IPC_INFO || q->cmd == commands[q->kind].info;
}

const struct err *ipc_answer(struct proc_view *view, const struct ipc_question *q,
			     struct ipc_answer *ret)
{
	struct ipc_use use;
	gva_t ns, at;

	*ret = (struct ipc_answer){0};
	TRY(ipc_of_task(view->kernel, view->reader, &ns));
	if (q->kind == IPC_KIND_SEM && asks_semaphore(q->cmd))
		return sem_answer(view, ns, q, ret);
	if (is_info(q)) {
		TRY(ipc_use_read(view->kernel, ns, q->kind, &use));
		ret->value = use.max_index < 0 ? 0 : use.max_index;
		return answers[q->kind].info(view, ns, q->cmd == IPC_INFO ? NULL : &use, ret);
	}
	TRY(object_find(view, ns, q->kind, q->id, q->cmd == IPC_STAT, &at, ret));
	return ret->errnum ? NULL : answers[q->kind].stat(view, at, ret);
}
