/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walks of census.def. Input: attacker-controlled. */
#include "transcall/kobj/census.h"

#include "transcall/kobj/cssset.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/runqueue.h"
#include "transcall/kobj/task.h"

static const struct err *note(struct census *c, const struct kernel *k, enum census_view view,
			      gva_t at)
{
	struct census_task *ignored;

	return census_note(c, k, view, at, &ignored);
}

static bool in_view(const struct census *c, gva_t task, enum census_view view)
{
	const struct census_task *now = census_find(c, task);

	return now && now->views >> view & 1;
}

/* A list that holds its entries by @node. */
static const struct err *note_list(struct census *c, const struct kernel *k, enum census_view view,
				   gva_t head, enum field_id node)
{
	struct list_iter it;
	gva_t at;

	TRY(list_init(&it, k, head));
	for (;;) {
		TRY(list_next(&it, k, &at));
		if (gva_is_null(at))
			return NULL;
		TRY(note(c, k, view, kfield_container(k, at, node)));
	}
}

/*
 * Who the IDR leads to by his number, over the link of @kind. A number whose struct pid leads to a
 * task with another number does not find that task.
 */
static const struct err *note_numbered(struct census *c, const struct kernel *k,
				       enum census_view view, enum pid_kind kind)
{
	struct census_task *found;
	struct pid_iter it;
	uint32_t number;
	gva_t pid, task;
	bool known;

	TRY(pid_iter_init(&it, k, kernel_symbol(k, S_init_pid_ns)));
	for (;;) {
		TRY(pid_iter_next_pid(&it, k, &number, &pid));
		if (gva_is_null(pid))
			return NULL;
		TRY(pid_task(k, pid, kind, &task));
		known = in_view(c, task, view);
		TRY(census_note(c, k, view, task, &found));
		if (found && !known && found->pid != (int32_t)number) {
			found->views &= (uint16_t) ~(1 << view);
			c->walks[view].tasks--;
		}
	}
}

static const struct err *walk_idr(struct census *c, const struct kernel *k)
{
	return note_numbered(c, k, CENSUS_IDR, PID_KIND_PID);
}

/* As next_tgid(): a struct pid that does not lead to its process leaves that out of the listing. */
static const struct err *walk_listed(struct census *c, const struct kernel *k)
{
	return note_numbered(c, k, CENSUS_LISTED, PID_KIND_TGID);
}

static const struct err *walk_tasks(struct census *c, const struct kernel *k)
{
	return note_list(c, k, CENSUS_TASKS,
			 kfield_at(k, kernel_symbol(k, S_init_task), F_task_struct_tasks),
			 F_task_struct_tasks);
}

/* Once for each process: whoever is in its list is seen then. */
static const struct err *walk_threads(struct census *c, const struct kernel *k,
				      const struct census_task *t)
{
	if (in_view(c, t->at, CENSUS_THREADS) || gva_is_null(t->signal))
		return NULL;
	return note_list(c, k, CENSUS_THREADS, kfield_at(k, t->signal, F_signal_struct_thread_head),
			 F_task_struct_thread_node);
}

static const struct err *walk_children(struct census *c, const struct kernel *k,
				       const struct census_task *t)
{
	return note_list(c, k, CENSUS_CHILDREN, kfield_at(k, t->at, F_task_struct_children),
			 F_task_struct_sibling);
}

/* Once for each group: whoever is attached to its struct pid is seen then. */
static const struct err *walk_attached(struct census *c, const struct kernel *k,
				       const struct census_task *t, enum census_view view,
				       enum pid_kind kind)
{
	struct list_iter it;
	gva_t pid, task;

	if (in_view(c, t->at, view) || gva_is_null(t->signal) || t->pid != t->tgid)
		return NULL;
	TRY(pid_of_task(k, t->at, kind, &pid));
	if (gva_is_null(pid))
		return NULL;
	TRY(pid_tasks_init(&it, k, pid, kind));
	for (;;) {
		TRY(pid_tasks_next(&it, k, kind, &task));
		if (gva_is_null(task))
			return NULL;
		TRY(note(c, k, view, task));
	}
}

static const struct err *walk_pgrp(struct census *c, const struct kernel *k,
				   const struct census_task *t)
{
	return walk_attached(c, k, t, CENSUS_PGRP, PID_KIND_PGID);
}

static const struct err *walk_session(struct census *c, const struct kernel *k,
				      const struct census_task *t)
{
	return walk_attached(c, k, t, CENSUS_SESSION, PID_KIND_SID);
}

static const struct err *walk_cgroups(struct census *c, const struct kernel *k)
{
	struct cssset_iter it;
	gva_t task;

	c->walks[CENSUS_CGROUPS].absent = !profile_has(k->profile, F_task_struct_cg_list);
	if (c->walks[CENSUS_CGROUPS].absent)
		return NULL;
	TRY(cssset_iter_init(&it, k));
	for (;;) {
		TRY(cssset_iter_next(&it, k, &task));
		if (gva_is_null(task))
			return NULL;
		TRY(note(c, k, CENSUS_CGROUPS, task));
	}
}

static const struct err *walk_queues(struct census *c, const struct kernel *k)
{
	struct runqueue_iter it;
	gva_t task;

	TRY(runqueue_iter_init(&it, k));
	for (;;) {
		bool end;

		TRY(runqueue_iter_next(&it, k, &task, &end));
		if (end)
			return NULL;
		TRY(note(c, k, CENSUS_QUEUES, task));
	}
}

static const struct err *walk_named(struct census *c, const struct kernel *k,
				    const struct census_task *t)
{
	static const enum field_id names[] = {F_task_struct_real_parent, F_task_struct_parent,
					      F_task_struct_group_leader};
	gva_t other, mm;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		TRY(kfield_ptr(k, t->at, names[i], &other));
		if (!gva_equal(other, t->at))
			TRY(note(c, k, CENSUS_NAMED, other));
	}
	TRY(kfield_ptr(k, t->at, F_task_struct_mm, &mm));
	if (gva_is_null(mm) || !profile_has(k->profile, F_mm_struct_owner))
		return NULL;
	TRY(kfield_ptr(k, mm, F_mm_struct_owner, &other));
	return gva_equal(other, t->at) ? NULL : note(c, k, CENSUS_NAMED, other);
}

static const struct {
	census_from_root from_root;
	census_from_task from_task;
} walks[] = {
#define VIEW(id, name, members, from_root_, from_task_, what) {from_root_, from_task_},
#include "transcall/kobj/census.def"
#undef VIEW
};

census_from_root census_walk_from_root(enum census_view view)
{
	return walks[view].from_root;
}

census_from_task census_walk_from_task(enum census_view view)
{
	return walks[view].from_task;
}
