/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of all tasks, filled by the walks of its views. Input: attacker-controlled. */
#include "transcall/kobj/census.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/task.h"

#define STATE_NEW     0x800u /* TASK_NEW, include/linux/sched.h; since 4.8 */
#define EXIT_DEAD     0x10u
#define FIRST_TASKS   512u
#define POINTER_SHIFT 6 /* tasks lie at least so far apart */
#define TASK_ALIGN    8
#define HASH_FACTOR   UINT64_C(0x9e3779b97f4a7c15)

enum members { EVERY, LEADER, LIVE, SOME };

static const struct {
	const char *name, *what;
	enum members members;
} views[] = {
#define VIEW(id, name_, members_, from_root, from_task, what_) {name_, what_, members_},
#include "transcall/kobj/census.def"
#undef VIEW
};

const char *census_view_name(enum census_view view)
{
	return views[view].name;
}

const char *census_view_what(enum census_view view)
{
	return views[view].what;
}

/* --- the table ------------------------------------------------------------------------------ */

/* Where the index has @at, or has room for it. */
static uint32_t *index_slot(const struct census *c, gva_t at)
{
	uint32_t mask = c->index_size - 1;
	uint32_t i = (uint32_t)((at.v >> POINTER_SHIFT) * HASH_FACTOR >> 32) & mask;

	while (c->index[i] && !gva_equal(c->tasks[c->index[i] - 1].at, at))
		i = (i + 1) & mask;
	return &c->index[i];
}

const struct census_task *census_find(const struct census *c, gva_t at)
{
	uint32_t place = c->index_size ? *index_slot(c, at) : 0;

	return place ? &c->tasks[place - 1] : NULL;
}

/* Room for one more task; the index is at most half full. */
static const struct err *make_room(struct census *c)
{
	uint32_t size = c->size ? 2 * c->size : FIRST_TASKS;

	if (c->count < c->size)
		return NULL;
	if (c->count >= CENSUS_TASKS_MAX)
		return ERR(ERR_RACE, "more than %u tasks", CENSUS_TASKS_MAX);
	struct census_task *tasks = reallocarray(c->tasks, size, sizeof(*tasks));
	if (tasks)
		c->tasks = tasks;
	uint32_t *index = calloc(2 * size, sizeof(*index));
	if (!tasks || !index) {
		free(index);
		return ERR(ERR_SYSTEM, "no memory for %u tasks", size);
	}
	free(c->index);
	c->index = index;
	c->size = size;
	c->index_size = 2 * size;
	for (uint32_t i = 0; i < c->count; i++)
		*index_slot(c, c->tasks[i].at) = i + 1;
	return NULL;
}

static bool is_idle(const struct census *c, gva_t at)
{
	for (unsigned i = 0; i < c->idle_count; i++)
		if (gva_equal(c->idle[i], at))
			return true;
	return false;
}

static const struct err *read_task(const struct kernel *k, gva_t at, struct census_task *ret)
{
	uint64_t state, exit_state;
	struct task t;

	TRY(task_read(k, at, &t));
	TRY(kfield_uint(k, at, F_task_struct_state, &state));
	TRY(kfield_uint(k, at, F_task_struct_exit_state, &exit_state));
	*ret = (struct census_task){.at = at,
				    .signal = t.signal,
				    .pid = t.pid,
				    .tgid = t.tgid,
				    .flags = t.flags,
				    .state = (uint32_t)state,
				    .exit_state = (uint16_t)exit_state};
	return kfield_str(k, at, F_task_struct_comm, ret->comm, sizeof(ret->comm));
}

static bool ends_object_only(const struct err *e)
{
	return e->kind == ERR_FAULT || e->kind == ERR_ABSENT;
}

const struct err *census_note(struct census *c, const struct kernel *k, enum census_view view,
			      gva_t at, struct census_task **ret)
{
	struct census_task task;
	uint32_t *slot;

	*ret = NULL;
	if (gva_is_null(at) || is_idle(c, at))
		return NULL;
	if (at.v % TASK_ALIGN) {
		c->walks[view].unreadable++;
		return NULL;
	}
	if (c->steps++ >= CENSUS_STEPS_MAX)
		return ERR(ERR_RACE, "the views of all tasks do not end");
	TRY(make_room(c));
	slot = index_slot(c, at);
	if (!*slot) {
		const struct err *e = read_task(k, at, &task);

		c->walks[view].unreadable += e && ends_object_only(e);
		if (e)
			return ends_object_only(e) ? NULL : e;
		c->tasks[c->count++] = task;
		*slot = c->count;
	}
	*ret = &c->tasks[*slot - 1];
	c->walks[view].tasks += !((*ret)->views >> view & 1);
	(*ret)->views |= (uint16_t)(1 << view);
	return NULL;
}

/* --- the census ----------------------------------------------------------------------------- */

/* What ended a walk: is it noted, and do the other views go on? */
static const struct err *cut(struct census *c, enum census_view view, bool last,
			     const struct err *e)
{
	struct census_walk *walk = &c->walks[view];

	if (!e || (e->kind == ERR_RACE && !last))
		return e;
	if (e->kind != ERR_RACE && !ends_object_only(e))
		return e;
	if (!*walk->cut)
		snprintf(walk->cut, sizeof(walk->cut), "%s: %.120s", err_kind_name(e->kind),
			 e->message);
	return NULL;
}

/* An idle task has no number; what a run queue only says to be one is a task like any other. */
static const struct err *add_idle(struct census *c, const struct kernel *k, gva_t task)
{
	int64_t pid;

	TRY(kfield_int(k, task, F_task_struct_pid, &pid));
	if (pid == 0)
		c->idle[c->idle_count++] = task;
	return NULL;
}

static const struct err *find_idle(struct census *c, const struct kernel *k)
{
	struct cpu_set possible;
	gva_t task;

	c->idle[0] = kernel_symbol(k, S_init_task);
	c->idle_count = 1;
	TRY(cpu_set_read(k, CPU_POSSIBLE, &possible));
	for (unsigned cpu = 0; cpu < k->cpu_count && cpu < CENSUS_CPUS_MAX; cpu++)
		if (cpu_set_has(&possible, cpu)) {
			TRY(kfield_ptr(k, kernel_percpu(k, S_runqueues, cpu), F_rq_idle, &task));
			TRY(add_idle(c, k, task));
		}
	return NULL;
}

static const struct err *walk_from_task(struct census *c, const struct kernel *k,
					const struct census_task *t, bool last)
{
	for (enum census_view v = 0; v < CENSUS_VIEWS; v++) {
		census_from_task walk = census_walk_from_task(v);

		if (walk)
			TRY(cut(c, v, last, walk(c, k, t)));
	}
	return NULL;
}

/* From init_task, which is idle and in no view itself; then from each task, as they are found. */
static const struct err *walk_from_tasks(struct census *c, const struct kernel *k, bool last)
{
	struct census_task t;

	TRY(read_task(k, kernel_symbol(k, S_init_task), &t));
	TRY(walk_from_task(c, k, &t, last));
	for (uint32_t i = 0; i < c->count; i++) {
		t = c->tasks[i];           /* the table may move */
		if (!census_is_moving(&t)) /* else its pointers may lead to what was freed */
			TRY(walk_from_task(c, k, &t, last));
	}
	return NULL;
}

/* A view that uses all of it up leaves the next one as much. */
static void refill(const struct kernel *k, struct work allowance)
{
	if (k->work)
		*k->work = allowance;
}

const struct err *census_take(struct census *c, const struct kernel *k, bool last)
{
	struct work allowance = k->work ? *k->work : (struct work){0};

	census_deinit(c);
	TRY(find_idle(c, k));
	for (enum census_view v = 0; v < CENSUS_VIEWS; v++) {
		census_from_root walk = census_walk_from_root(v);

		refill(k, allowance);
		if (walk)
			TRY(cut(c, v, last, walk(c, k)));
	}
	refill(k, allowance);
	return walk_from_tasks(c, k, last);
}

void census_deinit(struct census *c)
{
	free(c->tasks);
	free(c->index);
	*c = (struct census){0};
}

/* --- comparing ------------------------------------------------------------------------------ */

static bool is_member(const struct census_task *t, enum members members)
{
	switch (members) {
	case EVERY:
		return true;
	case LEADER:
		return t->pid == t->tgid;
	case LIVE:
		return !(t->flags & TASK_FLAG_EXITING);
	case SOME:
		return false;
	}
	return false;
}

uint16_t census_lacks(const struct census *c, const struct census_task *t)
{
	uint16_t lacks = 0;

	for (enum census_view v = 0; v < CENSUS_VIEWS; v++)
		if (!c->walks[v].absent && !*c->walks[v].cut && is_member(t, views[v].members) &&
		    !(t->views >> v & 1))
			lacks |= (uint16_t)(1 << v);
	return lacks;
}

bool census_is_moving(const struct census_task *t)
{
	return (t->state & STATE_NEW) || (t->exit_state & EXIT_DEAD);
}

bool census_is_whole(const struct census *c)
{
	for (enum census_view v = 0; v < CENSUS_VIEWS; v++)
		if (*c->walks[v].cut || c->walks[v].unreadable)
			return false;
	return !c->mixed;
}
