/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_census - what links the tasks of a fake guest besides their numbers: init_task and its list,
 * children, process groups and sessions, sets of control groups, one CPU's run queue.
 */
#ifndef TESTS_UNIT_KOBJ_FAKE_CENSUS_H
#define TESTS_UNIT_KOBJ_FAKE_CENSUS_H

#include "tests/unit/kobj/fake_tasks.h"

/* After fake_tasks_init(). init_task is the idle task of CPU 0, which runs it. */
void fake_census_init(struct fake_guest *g);

/* Link @task, made by fake_process(), as a child of @parent in @parent's group and session. */
void fake_census_process(struct fake_guest *g, gva_t task, gva_t parent);
/* A thread of @leader, made by fake_thread(). */
void fake_census_thread(struct fake_guest *g, gva_t task, gva_t leader);

/* list_del_init() */
void fake_list_del(struct fake_guest *g, gva_t link);

/* Another set of control groups; @bucket of its table. */
gva_t fake_css_set(struct fake_guest *g, unsigned bucket);

/* The run queue of CPU 0; put a task on it. */
gva_t fake_rq(struct fake_guest *g);
void fake_queue_fair(struct fake_guest *g, gva_t task);
void fake_queue_rt(struct fake_guest *g, gva_t task, unsigned priority);
void fake_queue_deadline(struct fake_guest *g, gva_t task, bool is_server);

#endif
