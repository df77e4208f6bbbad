/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks on run queues. Input: attacker-controlled. */
#include "transcall/kobj/runqueue.h"

#define LIST_HEAD_BYTES 16

static gva_t rq_of(const struct runqueue_iter *it, const struct kernel *k)
{
	return kernel_percpu(k, S_runqueues, it->cpu);
}

static void skip_impossible(struct runqueue_iter *it, const struct kernel *k)
{
	while (it->cpu < k->cpu_count && !cpu_set_has(&it->possible, it->cpu))
		it->cpu++;
}

const struct err *runqueue_iter_init(struct runqueue_iter *it, const struct kernel *k)
{
	*it = (struct runqueue_iter){.part = RUNQUEUE_CURRENT};
	TRY(cpu_set_read(k, CPU_POSSIBLE, &it->possible));
	skip_impossible(it, k);
	return NULL;
}

static void next_part(struct runqueue_iter *it, const struct kernel *k)
{
	it->inside = false;
	it->priority = 0;
	if (it->part++ != RUNQUEUE_DEADLINE)
		return;
	it->part = RUNQUEUE_CURRENT;
	it->cpu++;
	skip_impossible(it, k);
}

/* --- one part: @ret_done when it has no more ------------------------------------------------ */

static const struct err *next_fair(struct runqueue_iter *it, const struct kernel *k, gva_t *ret,
				   bool *ret_done)
{
	*ret_done = !profile_has(k->profile, F_rq_cfs_tasks);
	if (*ret_done)
		return NULL;
	if (!it->inside)
		TRY(list_init(&it->list, k, kfield_at(k, rq_of(it, k), F_rq_cfs_tasks)));
	it->inside = true;
	TRY(list_next(&it->list, k, ret));
	*ret_done = gva_is_null(*ret);
	if (!*ret_done)
		*ret = kfield_container(k, *ret, F_task_struct_fair_node);
	return NULL;
}

/* An entity that has a queue of its own is a group, whose tasks are in that. */
static const struct err *drop_group(const struct kernel *k, gva_t *task)
{
	gva_t queue;

	if (!profile_has(k->profile, F_task_struct_rt_group))
		return NULL;
	TRY(kfield_ptr(k, *task, F_task_struct_rt_group, &queue));
	if (!gva_is_null(queue))
		*task = gva(0);
	return NULL;
}

/* One list for each priority. */
static const struct err *next_rt(struct runqueue_iter *it, const struct kernel *k, gva_t *ret,
				 bool *ret_done)
{
	unsigned priorities = k->profile->fields[F_rq_rt_queue].size_bytes / LIST_HEAD_BYTES;
	gva_t queue = kfield_at(k, rq_of(it, k), F_rq_rt_queue);

	for (; it->priority < priorities; it->priority++) {
		if (!it->inside)
			TRY(list_init(&it->list, k,
				      gva_add(queue, (uint64_t)LIST_HEAD_BYTES * it->priority)));
		it->inside = true;
		TRY(list_next(&it->list, k, ret));
		if (!gva_is_null(*ret)) {
			*ret = kfield_container(k, *ret, F_task_struct_rt_node);
			return drop_group(k, ret);
		}
		it->inside = false;
	}
	*ret_done = true;
	return NULL;
}

/* The entity of a queue's own server is no task. */
static const struct err *drop_server(const struct kernel *k, gva_t *task)
{
	uint64_t is_server;

	if (!profile_has(k->profile, F_task_struct_dl_is_server))
		return NULL;
	TRY(kfield_uint(k, *task, F_task_struct_dl_is_server, &is_server));
	if (is_server)
		*task = gva(0);
	return NULL;
}

static const struct err *next_deadline(struct runqueue_iter *it, const struct kernel *k, gva_t *ret,
				       bool *ret_done)
{
	gva_t root;

	if (!it->inside) {
		TRY(kfield_ptr(k, rq_of(it, k), F_rq_dl_root, &root));
		TRY(rbtree_init(&it->tree, k, root));
	}
	it->inside = true;
	TRY(rbtree_next(&it->tree, k, ret));
	*ret_done = gva_is_null(*ret);
	if (*ret_done)
		return NULL;
	*ret = kfield_container(k, *ret, F_task_struct_dl_node);
	return drop_server(k, ret);
}

static const struct err *next_current(struct runqueue_iter *it, const struct kernel *k, gva_t *ret,
				      bool *ret_done)
{
	*ret_done = it->inside;
	it->inside = true;
	return *ret_done ? NULL : kfield_ptr(k, rq_of(it, k), F_rq_curr, ret);
}

const struct err *runqueue_iter_next(struct runqueue_iter *it, const struct kernel *k, gva_t *ret,
				     bool *ret_end)
{
	static const struct err *(*const parts[])(struct runqueue_iter * it, const struct kernel *k,
						  gva_t *ret, bool *ret_done) = {
		[RUNQUEUE_CURRENT] = next_current,
		[RUNQUEUE_FAIR] = next_fair,
		[RUNQUEUE_RT] = next_rt,
		[RUNQUEUE_DEADLINE] = next_deadline,
	};

	for (;;) {
		bool done = false;

		*ret = gva(0);
		*ret_end = it->cpu >= k->cpu_count;
		if (*ret_end)
			return NULL;
		TRY(parts[it->part](it, k, ret, &done));
		if (!done)
			return NULL;
		next_part(it, k);
	}
}

const struct err *runqueue_clock(const struct kernel *k, uint64_t *ret)
{
	*ret = 0;
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		uint64_t clock;

		TRY(kfield_uint(k, kernel_percpu(k, S_runqueues, cpu), F_rq_clock, &clock));
		if (clock > *ret)
			*ret = clock;
	}
	return NULL;
}
