/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has changed since a walk. Input: attacker-controlled guest memory. */
#include <stdlib.h>

#include "transcall/kobj/pid.h"
#include "transcall/proc/workset.h"

/* A process as it is: another one, or one that has executed another program, has another mark. */
static const struct err *read_mark(const struct kernel *k, uint32_t number, gva_t task,
				   uint64_t *ret)
{
	gva_t mm;

	TRY(kfield_ptr(k, task, F_task_struct_mm, &mm));
	*ret = (task.v ^ mm.v << 1 ^ (uint64_t)number << 32) * UINT64_C(0x9e3779b97f4a7c15);
	return NULL;
}

#define PID_UNITS 128 /* of work: nodes of the IDR on the way to a pid, the pid, the task */

/* The next process that can be read; @ret_task null: there is none. Fails only fatally. */
static const struct err *next_process(struct proc_view *view, struct pid_iter *it,
				      uint32_t *ret_number, uint64_t *ret_mark, gva_t *ret_task)
{
	const struct kernel *k = view->kernel;

	for (uint32_t lost = 0; lost < PID_LISTED_MAX; lost++) {
		const struct err *e = pid_iter_next(it, k, ret_number, ret_task);

		if (!e && !gva_is_null(*ret_task))
			e = read_mark(k, *ret_number, *ret_task, ret_mark);
		if (!e)
			work_give_back(&view->work, PID_UNITS);
		if (!e || err_is_fatal(e))
			return e;
	}
	*ret_task = gva(0);
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void workset_marks_deinit(struct workset_marks *m)
{
	free(m->marks);
	*m = (struct workset_marks){0};
}

const struct err *workset_mark(struct proc_view *view, struct workset_marks *ret)
{
	struct pid_iter it;
	uint32_t number;
	gva_t task;

	work_begin(&view->work);
	ret->count = 0;
	if (!ret->marks)
		ret->marks = calloc(PID_LISTED_MAX, sizeof(*ret->marks));
	if (!ret->marks)
		return ERR(ERR_SYSTEM, "no memory for what is walked");
	TRY(pid_iter_init(&it, view->kernel, view->pid_ns));
	while (ret->count < PID_LISTED_MAX) {
		TRY(next_process(view, &it, &number, &ret->marks[ret->count], &task));
		if (gva_is_null(task))
			break;
		ret->count++;
	}
	qsort(ret->marks, ret->count, sizeof(*ret->marks), by_value);
	return NULL;
}

const struct err *workset_walk_changes(struct proc_view *view, uint64_t sets,
				       const struct workset_marks *m)
{
	struct pid_iter it;
	uint32_t number;
	uint64_t mark;
	gva_t task;

	TRY(pid_iter_init(&it, view->kernel, view->pid_ns));
	for (;;) {
		work_begin(&view->work);
		TRY(next_process(view, &it, &number, &mark, &task));
		if (gva_is_null(task))
			break;
		if (!bsearch(&mark, m->marks, m->count, sizeof(mark), by_value))
			TRY(workset_walk_process(view, sets, number));
	}
	return sets & WORKSET_CENSUS ? workset_census_walk(view) : NULL;
}
