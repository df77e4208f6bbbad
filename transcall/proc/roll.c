/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tasks by their numbers. Input: attacker-controlled. */
#include "transcall/proc/roll.h"

#include <stdlib.h>

#include "remotetrans/base/scope.h"
#include "transcall/kobj/pid.h"
#include "transcall/proc/system.h"

static bool counts(const struct census_task *t)
{
	return t->views >> CENSUS_IDR & 1 || !census_is_moving(t);
}

/* The task itself knows its first number; the others are its struct pid's. */
static const struct err *number_of(struct proc_view *view, const struct census_task *t,
				   int32_t *ret)
{
	const struct err *e;

	*ret = t->pid;
	if (gva_equal(view->pid_ns, kernel_symbol(view->kernel, S_init_pid_ns)))
		return NULL;
	e = pid_task_number(view->kernel, t->at, PID_KIND_PID, view->pid_ns, ret);
	if (!e || e->kind != ERR_FAULT)
		return e;
	view->unreadable++;
	*ret = 0;
	return NULL;
}

static int by_number(const void *a, const void *b)
{
	const struct roll_entry *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static const struct err *fill(struct roll *r, struct proc_view *view, const struct census *c)
{
	int32_t number;

	r->entries = calloc(c->count + 1, sizeof(*r->entries));
	if (!r->entries)
		return ERR(ERR_SYSTEM, "no memory for %u tasks", c->count);
	for (uint32_t i = 0; i < c->count; i++) {
		if (!counts(&c->tasks[i]))
			continue;
		r->tasks++;
		TRY(number_of(view, &c->tasks[i], &number));
		if (number > 0)
			r->entries[r->count++] = (struct roll_entry){.number = (uint32_t)number,
								     .task = c->tasks[i].at};
	}
	qsort(r->entries, r->count, sizeof(*r->entries), by_number);
	return NULL;
}

static void count_gaps(struct proc_view *view, const struct census *c)
{
	for (enum census_view v = 0; v < CENSUS_VIEWS; v++)
		view->unreadable += c->walks[v].unreadable + (*c->walks[v].cut != 0);
}

const struct err *roll_take(struct roll *r, struct proc_view *view)
{
	CLEANUP(census_deinit) struct census census = {0};

	if (roll_is_current(r, view))
		return NULL;
	roll_deinit(r);
	const struct err *e = proc_census(view, &census);
	if (!e)
		e = fill(r, view, &census);
	if (e) {
		view->races += e->kind == ERR_RACE;
		roll_deinit(r);
		return e;
	}
	count_gaps(view, &census);
	r->epoch = view->epoch;
	r->taken = true;
	return NULL;
}

void roll_deinit(struct roll *r)
{
	free(r->entries);
	*r = (struct roll){0};
}

bool roll_is_current(const struct roll *r, const struct proc_view *view)
{
	return r->taken && r->epoch == view->epoch;
}

gva_t roll_find(const struct roll *r, uint32_t number)
{
	struct roll_entry key = {.number = number};
	const struct roll_entry *found =
		r->count ? bsearch(&key, r->entries, r->count, sizeof(key), by_number) : NULL;

	return found ? found->task : gva(0);
}
