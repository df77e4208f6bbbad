/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Process numbers. Input: attacker-controlled. */
#include "transcall/kobj/pid.h"

#include "transcall/kobj/xarray.h"

#define PID_MAX_LIMIT    (1u << 22) /* include/linux/threads.h, 64-bit */
#define POINTER_BYTES    8
#define HLIST_NODE_BYTES 16

static const struct err *level_read(const struct kernel *k, gva_t pid, unsigned *ret)
{
	uint64_t level;

	TRY(kfield_uint(k, pid, F_pid_level, &level));
	if (level > PID_LEVELS_MAX)
		return ERR_AT(ERR_RACE, pid.v, "a pid has level %u", (unsigned)level);
	*ret = (unsigned)level;
	return NULL;
}

static const struct err *upid_read(const struct kernel *k, gva_t pid, unsigned level,
				   int32_t *ret_number, gva_t *ret_ns)
{
	gva_t upid = gva_add(kfield_at(k, pid, F_pid_numbers),
			     (uint64_t)level * k->profile->sizes[SIZE_upid]);
	int64_t number;

	TRY(kfield_int(k, upid, F_upid_nr, &number));
	TRY(kfield_ptr(k, upid, F_upid_ns, ret_ns));
	*ret_number = (int32_t)number;
	return NULL;
}

const struct err *pid_read_numbers(const struct kernel *k, gva_t pid, struct pid_numbers *ret)
{
	TRY(level_read(k, pid, &ret->level));
	for (unsigned i = 0; i <= ret->level; i++)
		TRY(upid_read(k, pid, i, &ret->number[i], &ret->ns[i]));
	return NULL;
}

const struct err *pid_number(const struct kernel *k, gva_t pid, gva_t ns, int32_t *ret)
{
	uint64_t ns_level;
	unsigned level;
	int32_t number;
	gva_t at;

	*ret = 0;
	if (gva_is_null(pid))
		return NULL;
	TRY(kfield_uint(k, ns, F_pid_namespace_level, &ns_level));
	TRY(level_read(k, pid, &level));
	if (ns_level > level)
		return NULL;
	TRY(upid_read(k, pid, (unsigned)ns_level, &number, &at));
	if (gva_equal(at, ns))
		*ret = number;
	return NULL;
}

/* The task that holds @node of a chain of @kind; null for null. */
static gva_t task_of_link(const struct kernel *k, gva_t node, enum pid_kind kind)
{
	if (gva_is_null(node))
		return node;
	return gva_sub(kfield_container(k, node, F_task_struct_pid_links), HLIST_NODE_BYTES * kind);
}

static gva_t chain_of_pid(const struct kernel *k, gva_t pid, enum pid_kind kind)
{
	return gva_add(kfield_at(k, pid, F_pid_tasks), POINTER_BYTES * kind);
}

const struct err *pid_task(const struct kernel *k, gva_t pid, enum pid_kind kind, gva_t *ret)
{
	gva_t node;

	TRY(kread_ptr(k, chain_of_pid(k, pid, kind), &node));
	*ret = task_of_link(k, node, kind);
	return NULL;
}

const struct err *pid_tasks_init(struct list_iter *it, const struct kernel *k, gva_t pid,
				 enum pid_kind kind)
{
	return hlist_init(it, k, chain_of_pid(k, pid, kind));
}

const struct err *pid_tasks_next(struct list_iter *it, const struct kernel *k, enum pid_kind kind,
				 gva_t *ret)
{
	TRY(list_next(it, k, ret));
	*ret = task_of_link(k, *ret, kind);
	return NULL;
}

const struct err *pid_of_task(const struct kernel *k, gva_t task, enum pid_kind kind, gva_t *ret)
{
	gva_t signal;

	if (kind == PID_KIND_PID)
		return kfield_ptr(k, task, F_task_struct_thread_pid, ret);
	TRY(kfield_ptr(k, task, F_task_struct_signal, &signal));
	return kread_ptr(
		k, gva_add(kfield_at(k, signal, F_signal_struct_pids), POINTER_BYTES * kind), ret);
}

const struct err *pid_task_number(const struct kernel *k, gva_t task, enum pid_kind kind, gva_t ns,
				  int32_t *ret)
{
	gva_t pid;

	TRY(pid_of_task(k, task, kind, &pid));
	return pid_number(k, pid, ns, ret);
}

static const struct err *idr_head(const struct kernel *k, gva_t ns, uint64_t *ret)
{
	return kfield_uint(k, ns, F_pid_namespace_idr_head, ret);
}

const struct err *pid_find(const struct kernel *k, gva_t ns, uint32_t number, gva_t *ret)
{
	uint64_t head;

	*ret = gva(0);
	if (!number || number > PID_MAX_LIMIT)
		return NULL;
	TRY(idr_head(k, ns, &head));
	return xarray_load(k, head, number, &ret->v);
}

const struct err *pid_find_task(const struct kernel *k, gva_t ns, uint32_t number, gva_t *ret)
{
	gva_t pid;

	*ret = gva(0);
	TRY(pid_find(k, ns, number, &pid));
	if (!gva_is_null(pid))
		TRY(pid_task(k, pid, PID_KIND_PID, ret));
	if (gva_is_null(*ret))
		return ERR(ERR_ABSENT, "no process %u", number);
	return NULL;
}

const struct err *pid_iter_init(struct pid_iter *it, const struct kernel *k, gva_t ns)
{
	*it = (struct pid_iter){.ns = ns};
	return idr_head(k, ns, &it->idr);
}

const struct err *pid_iter_next_pid(struct pid_iter *it, const struct kernel *k,
				    uint32_t *ret_index, gva_t *ret_pid)
{
	uint64_t index = it->next;

	*ret_pid = gva(0);
	if (it->next > PID_MAX_LIMIT)
		return NULL;
	const struct err *e = xarray_next(k, it->idr, &index, &ret_pid->v);
	*ret_index = (uint32_t)index;
	it->next = index < PID_MAX_LIMIT ? index + 1 : PID_MAX_LIMIT + 1;
	return e;
}

/* The process whose struct pid is at @pid, where the IDR has number @index; null: a thread. */
static const struct err *leader_read(const struct pid_iter *it, const struct kernel *k, gva_t pid,
				     uint32_t index, gva_t *ret)
{
	int32_t number;

	TRY(pid_number(k, pid, it->ns, &number));
	if (number < 0 || (uint32_t)number != index)
		return ERR_AT(ERR_RACE, pid.v, "a pid has the place of number %u and the number %d",
			      index, number);
	return pid_task(k, pid, PID_KIND_TGID, ret);
}

const struct err *pid_iter_next(struct pid_iter *it, const struct kernel *k, uint32_t *ret_tgid,
				gva_t *ret_task)
{
	gva_t pid;

	*ret_task = gva(0);
	do {
		TRY(pid_iter_next_pid(it, k, ret_tgid, &pid));
		if (gva_is_null(pid))
			return NULL;
		TRY(leader_read(it, k, pid, *ret_tgid, ret_task));
	} while (gva_is_null(*ret_task));
	if (it->count++ < PID_LISTED_MAX)
		return NULL;
	*ret_task = gva(0);
	it->next = PID_MAX_LIMIT + 1;
	return ERR(ERR_RACE, "more than %u processes", PID_LISTED_MAX);
}
