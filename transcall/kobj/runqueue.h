/* SPDX-License-Identifier: GPL-2.0-or-later */
/* runqueue - the tasks on all CPUs' run queues, and those that run now. */
#ifndef TC_KOBJ_RUNQUEUE_H
#define TC_KOBJ_RUNQUEUE_H

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/list.h"
#include "transcall/kobj/rbtree.h"

/* Where the walk is: the queues of one CPU in this order. */
enum runqueue_part { RUNQUEUE_CURRENT, RUNQUEUE_FAIR, RUNQUEUE_RT, RUNQUEUE_DEADLINE };

struct runqueue_iter {
	struct cpu_set possible;
	unsigned cpu;
	enum runqueue_part part;
	bool inside;       /* the part's list or tree is being walked */
	unsigned priority; /* of RUNQUEUE_RT */
	struct list_iter list;
	struct rbtree_iter tree;
};
MUST_CHECK const struct err *runqueue_iter_init(struct runqueue_iter *it, const struct kernel *k);

/**
 * runqueue_iter_next() - the next task
 * @ret:     out: it; a CPU's idle task too, while that runs. Null: an entry that is no task
 * @ret_end: out: there is none
 *
 * Fair tasks are found where the kernel has them in one list (rq.cfs_tasks). Those of other
 * classes (sched_ext) are only seen while they run. Return: NULL; RACE; FAULT; fatal.
 */
MUST_CHECK const struct err *runqueue_iter_next(struct runqueue_iter *it, const struct kernel *k,
						gva_t *ret, bool *ret_end);

/* The latest clock of all run queues: a tick behind at most while any CPU ticks. */
MUST_CHECK const struct err *runqueue_clock(const struct kernel *k, uint64_t *ret);

#endif
