/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pid - process numbers: struct pid, pid namespaces and their IDR.
 *
 * What /proc lists is the IDR (next_tgid(), fs/proc/base.c), not the task list: a task unlinked
 * from the list alone stays visible.
 */
#ifndef TC_KOBJ_PID_H
#define TC_KOBJ_PID_H

#include "transcall/kobj/kernel.h"
#include "transcall/kobj/list.h"

#define PID_LEVELS_MAX 32 /* MAX_PID_NS_LEVEL */
#define PID_LISTED_MAX (1u << 15) /* processes of one listing: pid_max, unless that was raised */

enum pid_kind {
	PID_KIND_PID,
	PID_KIND_TGID,
	PID_KIND_PGID,
	PID_KIND_SID
}; /* enum pid_type, since 4.19 */

/* A struct pid's numbers, outermost namespace first. */
struct pid_numbers {
	unsigned level;
	int32_t number[PID_LEVELS_MAX + 1];
	gva_t ns[PID_LEVELS_MAX + 1];
};

MUST_CHECK const struct err *pid_read_numbers(const struct kernel *k, gva_t pid,
					      struct pid_numbers *ret);

/* pid_nr_ns(): the number of struct pid @pid in @ns; 0: not visible there, or @pid is null. */
MUST_CHECK const struct err *pid_number(const struct kernel *k, gva_t pid, gva_t ns, int32_t *ret);

/* pid_task(): the first task attached to @pid as @kind; null: none. */
MUST_CHECK const struct err *pid_task(const struct kernel *k, gva_t pid, enum pid_kind kind,
				      gva_t *ret);

/* Walk over all tasks attached to @pid as @kind. @ret null: the end. */
MUST_CHECK const struct err *pid_tasks_init(struct list_iter *it, const struct kernel *k, gva_t pid,
					    enum pid_kind kind);
MUST_CHECK const struct err *pid_tasks_next(struct list_iter *it, const struct kernel *k,
					    enum pid_kind kind, gva_t *ret);

/* task_pid_type(): the struct pid of a task; null for one that was reaped. */
MUST_CHECK const struct err *pid_of_task(const struct kernel *k, gva_t task, enum pid_kind kind,
					 gva_t *ret);

/* __task_pid_nr_ns(). */
MUST_CHECK const struct err *pid_task_number(const struct kernel *k, gva_t task, enum pid_kind kind,
					     gva_t ns, int32_t *ret);

/* find_pid_ns(): the struct pid numbered @number in @ns; null: none. */
MUST_CHECK const struct err *pid_find(const struct kernel *k, gva_t ns, uint32_t number,
				      gva_t *ret);

/* The task numbered @number in @ns, thread or leader. Return: NULL, ABSENT, ... */
MUST_CHECK const struct err *pid_find_task(const struct kernel *k, gva_t ns, uint32_t number,
					   gva_t *ret);

/* Walk over the thread group leaders of a namespace by their number there. */
struct pid_iter {
	uint64_t idr; /* value of the IDR's xa_head */
	uint64_t next;
	uint32_t count;
	gva_t ns;
};
MUST_CHECK const struct err *pid_iter_init(struct pid_iter *it, const struct kernel *k, gva_t ns);
/*
 * @ret_task null: the end. Numbers strictly grow, so the walk ends.
 *
 * Return: NULL; RACE: a pid that is not where its number belongs, or more than PID_LISTED_MAX;
 * FAULT; fatal. After an error the walk goes on behind what could not be read.
 */
MUST_CHECK const struct err *pid_iter_next(struct pid_iter *it, const struct kernel *k,
					   uint32_t *ret_tgid, gva_t *ret_task);
/* The next struct pid, of whatever is numbered: @ret_index where the IDR has it; null: the end. */
MUST_CHECK const struct err *pid_iter_next_pid(struct pid_iter *it, const struct kernel *k,
					       uint32_t *ret_index, gva_t *ret_pid);

#endif
