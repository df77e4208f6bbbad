/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * census - all tasks that any of the kernel's views of them has, and which views have each.
 *
 * A task that one view has and another should have, but has not, is hidden: a rootkit took it out
 * there. The views are the rows of census.def. Idle tasks, which are in none, do not count.
 */
#ifndef TC_KOBJ_CENSUS_H
#define TC_KOBJ_CENSUS_H

#include "transcall/kobj/kernel.h"

enum census_view {
#define VIEW(id, name, members, from_root, from_task, what) CENSUS_##id,
#include "transcall/kobj/census.def"
#undef VIEW
	CENSUS_VIEWS
};

#define CENSUS_TASKS_MAX  (1u << 20)
#define CENSUS_STEPS_MAX  (1u << 24) /* of all walks together */
#define CENSUS_COMM_BYTES 17
#define CENSUS_CPUS_MAX   VCPUS_MAX

struct census_task {
	gva_t at, signal;
	int32_t pid, tgid; /* in the initial pid namespace */
	uint32_t flags, state;
	uint16_t exit_state;
	uint16_t views; /* 1 << enum census_view */
	char comm[CENSUS_COMM_BYTES];
};

/* How far one view got. */
struct census_walk {
	bool absent;         /* this kernel has no such view */
	uint32_t tasks;      /* that it has */
	uint32_t unreadable; /* objects in it that could not be read */
	char cut[160];       /* why it ended early; "": it did not */
};

struct census {
	struct census_task *tasks; /* owned, in the order in which they were found */
	uint32_t count, size;
	uint32_t *index; /* owned: hash table of 1 + place in tasks, by address */
	uint32_t index_size;
	uint32_t steps;
	gva_t idle[CENSUS_CPUS_MAX + 1];
	unsigned idle_count;
	struct census_walk walks[CENSUS_VIEWS];
	bool mixed; /* not all of it is of one moment; whoever took it says so */
};

/**
 * census_take() - walk all views
 * @c:    in: zeroed, or an earlier census; out: to be freed with census_deinit(), on error too
 * @last: a view that loops or changes is cut short and noted; else RACE ends the census, to be
 *        taken again over another snapshot
 *
 * Bounded by CENSUS_TASKS_MAX and CENSUS_STEPS_MAX, whatever the guest's memory holds.
 * Return: NULL; RACE; SYSTEM: no memory; or a fatal kind.
 */
MUST_CHECK const struct err *census_take(struct census *c, const struct kernel *k, bool last);
void census_deinit(struct census *c);

/* The task at @at; NULL: in no view. */
const struct census_task *census_find(const struct census *c, gva_t at);

/* Views (1 << enum census_view) that should have @t and do not. One that was cut says nothing. */
uint16_t census_lacks(const struct census *c, const struct census_task *t);

/*
 * Being made (TASK_NEW) or taken down (EXIT_DEAD): the kernel links and unlinks it one view after
 * the other. No task stays so.
 */
bool census_is_moving(const struct census_task *t);

/* Was every view of this kernel walked to its end, and all in it read? */
bool census_is_whole(const struct census *c);

const char *census_view_name(enum census_view view);
const char *census_view_what(enum census_view view);

/* --- for the walks (census_views.c) --- */

/* @view has the task at @at; null and idle tasks are passed over. @ret: it, or NULL; valid until
 * the next call. */
MUST_CHECK const struct err *census_note(struct census *c, const struct kernel *k,
					 enum census_view view, gva_t at, struct census_task **ret);

typedef const struct err *(*census_from_root)(struct census *c, const struct kernel *k);
typedef const struct err *(*census_from_task)(struct census *c, const struct kernel *k,
					      const struct census_task *t);
census_from_root census_walk_from_root(enum census_view view);
census_from_task census_walk_from_task(enum census_view view);

#endif
