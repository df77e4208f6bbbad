/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System V IPC. Input: attacker-controlled. */
#include "transcall/kobj/ipc.h"

#include "transcall/kobj/list.h"
#include "transcall/kobj/percpu_counter.h"
#include "transcall/kobj/xarray.h"

#define INDEX_BITS_DEFAULT 15 /* IPCMNI_SHIFT, ipc/util.h; 24 with ipcmni_extend */
#define INDEX_BITS_MAX     24
#define PAGE_SHIFT         12
#define SEMBUF_NUM         0 /* struct sembuf, include/uapi/linux/sem.h */
#define SEMBUF_OP          2

const struct err *ipc_of_task(const struct kernel *k, gva_t task, gva_t *ret)
{
	gva_t proxy;

	TRY(kfield_ptr(k, task, F_task_struct_nsproxy, &proxy));
	if (gva_is_null(proxy))
		return ERR_AT(ERR_ABSENT, task.v, "the task has no namespaces any more");
	return kfield_ptr(k, proxy, F_nsproxy_ipc, ret);
}

/* The struct ipc_ids of a kind. */
static gva_t ids_of(const struct kernel *k, gva_t ns, enum ipc_kind kind)
{
	gva_t ids = kfield_at(k, ns, F_ipc_namespace_ids);

	return gva_add(ids, (uint64_t)k->profile->sizes[SIZE_ipc_ids] * kind);
}

const struct err *ipc_next(const struct kernel *k, gva_t ns, enum ipc_kind kind, uint64_t *index,
			   gva_t *ret)
{
	uint64_t head;

	TRY(kfield_uint(k, ids_of(k, ns, kind), F_ipc_ids_head, &head));
	return xarray_next(k, head, index, &ret->v);
}

const struct err *ipc_find(const struct kernel *k, gva_t ns, enum ipc_kind kind, int32_t id,
			   gva_t *ret)
{
	gva_t shift = kernel_symbol(k, S_ipc_mni_shift);
	uint32_t bits = INDEX_BITS_DEFAULT;
	uint64_t head;

	if (!gva_is_null(shift))
		TRY(kread_u32(k, shift, &bits));
	if (bits > INDEX_BITS_MAX)
		return ERR_AT(ERR_RACE, shift.v, "ids with %u bits of index", bits);
	TRY(kfield_uint(k, ids_of(k, ns, kind), F_ipc_ids_head, &head));
	return xarray_load(k, head, (uint32_t)id & ((1u << bits) - 1), &ret->v);
}

/* Members of 32 bits, by their place in a structure of ours. */
struct part {
	enum field_id id;
	uint32_t *value;
};

static const struct err *parts_read(const struct kernel *k, gva_t at, const struct part *parts,
				    unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint64_t v;

		TRY(kfield_uint(k, at, parts[i].id, &v));
		*parts[i].value = (uint32_t)v;
	}
	return NULL;
}

const struct err *ipc_perm_read(const struct kernel *k, gva_t at, struct kipc_perm *ret)
{
	uint32_t key, id;
	const struct part parts[] = {
		{F_kern_ipc_perm_key, &key},        {F_kern_ipc_perm_id, &id},
		{F_kern_ipc_perm_uid, &ret->uid},   {F_kern_ipc_perm_gid, &ret->gid},
		{F_kern_ipc_perm_cuid, &ret->cuid}, {F_kern_ipc_perm_cgid, &ret->cgid},
		{F_kern_ipc_perm_mode, &ret->mode},
	};

	TRY(parts_read(k, at, parts, sizeof(parts) / sizeof(parts[0])));
	ret->key = (int32_t)key;
	ret->id = (int32_t)id;
	return kfield_uint(k, at, F_kern_ipc_perm_seq, &ret->seq);
}

const struct err *ipc_msg_read(const struct kernel *k, gva_t at, struct ipc_msg *ret)
{
	TRY(ipc_perm_read(k, at, &ret->perm));
	at = kfield_container(k, at, F_msg_queue_perm);
	TRY(kfield_uint(k, at, F_msg_queue_stime, &ret->stime));
	TRY(kfield_uint(k, at, F_msg_queue_rtime, &ret->rtime));
	TRY(kfield_uint(k, at, F_msg_queue_ctime, &ret->ctime));
	TRY(kfield_uint(k, at, F_msg_queue_cbytes, &ret->bytes));
	TRY(kfield_uint(k, at, F_msg_queue_qnum, &ret->messages));
	TRY(kfield_uint(k, at, F_msg_queue_qbytes, &ret->bytes_max));
	TRY(kfield_ptr(k, at, F_msg_queue_lspid, &ret->last_sender));
	return kfield_ptr(k, at, F_msg_queue_lrpid, &ret->last_receiver);
}

/* Semaphore @index of a struct sem_array. */
static gva_t sem_at(const struct kernel *k, gva_t array, uint32_t index)
{
	gva_t sems = kfield_at(k, array, F_sem_array_sems);

	return gva_add(sems, (uint64_t)index * k->profile->sizes[SIZE_sem]);
}

/* get_semotime(): the latest of all. */
static const struct err *sem_otime(const struct kernel *k, gva_t array, uint32_t count,
				   uint64_t *ret)
{
	*ret = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t at;

		TRY(kfield_uint(k, sem_at(k, array, i), F_sem_otime, &at));
		*ret = at > *ret ? at : *ret;
	}
	return NULL;
}

const struct err *ipc_sem_read(const struct kernel *k, gva_t at, struct ipc_sem *ret)
{
	uint64_t count;

	TRY(ipc_perm_read(k, at, &ret->perm));
	at = kfield_container(k, at, F_sem_array_perm);
	TRY(kfield_uint(k, at, F_sem_array_ctime, &ret->ctime));
	TRY(kfield_uint(k, at, F_sem_array_nsems, &count));
	if (count > IPC_SEMS_MAX)
		return ERR_AT(ERR_RACE, at.v, "a set of %llu semaphores",
			      (unsigned long long)count);
	ret->count = (uint32_t)count;
	return sem_otime(k, at, ret->count, &ret->otime);
}

const struct err *ipc_semval_read(const struct kernel *k, gva_t at, uint32_t index,
				  struct ipc_semval *ret)
{
	gva_t sem = sem_at(k, kfield_container(k, at, F_sem_array_perm), index);
	int64_t value;

	TRY(kfield_int(k, sem, F_sem_semval, &value));
	ret->value = (int32_t)value;
	return kfield_ptr(k, sem, F_sem_sempid, &ret->last);
}

/* check_qop(): is it semaphore @index that a task which asked for several waits for? */
static const struct err *blocks_at(const struct kernel *k, gva_t queue, uint32_t index,
				   bool for_zero, bool *ret)
{
	uint16_t number, change;
	gva_t op;

	*ret = false;
	TRY(kfield_ptr(k, queue, F_sem_queue_blocking, &op));
	if (gva_is_null(op))
		return NULL;
	TRY(kread_u16(k, gva_add(op, SEMBUF_NUM), &number));
	TRY(kread_u16(k, gva_add(op, SEMBUF_OP), &change));
	*ret = number == index && (for_zero ? change == 0 : (int16_t)change < 0);
	return NULL;
}

/* Entries of a list of struct sem_queue: all, or (@of_set) those that wait for @index. */
static const struct err *add_waiting(const struct kernel *k, gva_t head, bool of_set,
				     uint32_t index, bool for_zero, uint32_t *sum)
{
	struct list_iter it;
	bool counts = true;
	gva_t link;

	TRY(list_init(&it, k, head));
	for (;;) {
		TRY(list_next(&it, k, &link));
		if (gva_is_null(link))
			return NULL;
		gva_t queue = kfield_container(k, link, F_sem_queue_list);
		if (of_set)
			TRY(blocks_at(k, queue, index, for_zero, &counts));
		*sum += counts;
	}
}

const struct err *ipc_sem_waiting(const struct kernel *k, gva_t at, uint32_t index, bool for_zero,
				  uint32_t *ret)
{
	gva_t array = kfield_container(k, at, F_sem_array_perm), sem = sem_at(k, array, index);
	gva_t alter = kfield_at(k, array, F_sem_array_pending_alter);
	gva_t constant = kfield_at(k, array, F_sem_array_pending_const);
	gva_t own = kfield_at(k, sem, for_zero ? F_sem_pending_const : F_sem_pending_alter);

	*ret = 0;
	TRY(add_waiting(k, own, false, index, for_zero, ret));
	TRY(add_waiting(k, alter, true, index, for_zero, ret));
	return for_zero ? add_waiting(k, constant, true, index, for_zero, ret) : NULL;
}

/* shm_add_rss_swap(). A file of huge pages counts those, and is never swapped. */
static const struct err *shm_pages(const struct kernel *k, gva_t file, struct ipc_shm *ret)
{
	gva_t huge = kernel_symbol(k, S_hugetlbfs_file_operations), inode, mapping, op;
	uint64_t shift;

	TRY(kfield_ptr(k, file, F_file_inode, &inode));
	TRY(kfield_ptr(k, file, F_file_op, &op));
	TRY(kfield_ptr(k, inode, F_inode_mapping, &mapping));
	TRY(kfield_uint(k, mapping, F_address_space_nrpages, &ret->resident_pages));
	ret->swapped_pages = 0;
	if (!gva_is_null(huge) && op.v == huge.v) {
		TRY(kfield_uint(k, inode, F_inode_blkbits, &shift));
		if (shift > PAGE_SHIFT && shift < 64)
			ret->resident_pages <<= shift - PAGE_SHIFT;
		return NULL;
	}
	inode = kfield_container(k, inode, F_shmem_inode_info_inode);
	return kfield_uint(k, inode, F_shmem_inode_info_swapped, &ret->swapped_pages);
}

const struct err *ipc_shm_read(const struct kernel *k, gva_t at, struct ipc_shm *ret)
{
	gva_t file;

	TRY(ipc_perm_read(k, at, &ret->perm));
	at = kfield_container(k, at, F_shmid_kernel_perm);
	TRY(kfield_uint(k, at, F_shmid_kernel_segsz, &ret->bytes));
	TRY(kfield_uint(k, at, F_shmid_kernel_nattch, &ret->attached));
	TRY(kfield_uint(k, at, F_shmid_kernel_atim, &ret->atime));
	TRY(kfield_uint(k, at, F_shmid_kernel_dtim, &ret->dtime));
	TRY(kfield_uint(k, at, F_shmid_kernel_ctim, &ret->ctime));
	TRY(kfield_ptr(k, at, F_shmid_kernel_cprid, &ret->creator));
	TRY(kfield_ptr(k, at, F_shmid_kernel_lprid, &ret->last));
	TRY(kfield_ptr(k, at, F_shmid_kernel_file, &file));
	return shm_pages(k, file, ret);
}

const struct err *ipc_use_read(const struct kernel *k, gva_t ns, enum ipc_kind kind,
			       struct ipc_use *ret)
{
	gva_t ids = ids_of(k, ns, kind);
	int64_t max;
	uint64_t count;

	TRY(kfield_uint(k, ids, F_ipc_ids_in_use, &count));
	TRY(kfield_int(k, ids, F_ipc_ids_max_idx, &max));
	ret->objects = (uint32_t)count;
	ret->max_index = (int32_t)max;
	return NULL;
}

/* Counters of which each CPU has a part; plain numbers until 6.0. */
static const struct err *message_use(const struct kernel *k, gva_t ns, struct ipc_limits *ret)
{
	if (profile_has(k->profile, F_ipc_namespace_msg_bytes)) {
		TRY(kfield_uint(k, ns, F_ipc_namespace_msg_bytes, &ret->msg_bytes));
		return kfield_uint(k, ns, F_ipc_namespace_msg_hdrs, &ret->messages);
	}
	TRY(percpu_counter_sum(k, kfield_at(k, ns, F_ipc_namespace_percpu_msg_bytes),
			       &ret->msg_bytes));
	return percpu_counter_sum(k, kfield_at(k, ns, F_ipc_namespace_percpu_msg_hdrs),
				  &ret->messages);
}

const struct err *ipc_limits_read(const struct kernel *k, gva_t ns, struct ipc_limits *ret)
{
	const struct part parts[] = {
		{F_ipc_namespace_msg_ctlmax, &ret->msg_max},
		{F_ipc_namespace_msg_ctlmnb, &ret->msg_mnb},
		{F_ipc_namespace_msg_ctlmni, &ret->msg_mni},
		{F_ipc_namespace_shm_ctlmni, &ret->shm_mni},
	};

	TRY(parts_read(k, ns, parts, sizeof(parts) / sizeof(parts[0])));
	for (unsigned i = 0; i < 4; i++)
		TRY(kread_u32(k, gva_add(kfield_at(k, ns, F_ipc_namespace_sem_ctls), 4 * i),
			      &ret->sem[i]));
	TRY(kfield_uint(k, ns, F_ipc_namespace_shm_ctlmax, &ret->shm_max));
	TRY(kfield_uint(k, ns, F_ipc_namespace_shm_ctlall, &ret->shm_all));
	TRY(kfield_uint(k, ns, F_ipc_namespace_shm_tot, &ret->shm_pages));
	TRY(kfield_uint(k, ns, F_ipc_namespace_used_sems, &ret->semaphores));
	return message_use(k, ns, ret);
}
