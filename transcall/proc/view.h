/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view - the reader's rights and numbers, for renderers. */
#ifndef TC_PROC_VIEW_H
#define TC_PROC_VIEW_H

#include "transcall/proc/tree.h"

/* Did a new snapshot replace what is being read? */
bool view_is_stale(const struct proc_view *view);

/**
 * view_pass_over() - go on behind an object that could not be read
 * @e: NULL, or why it could not
 *
 * It is counted. Return: NULL: go on; else the answer ends: fatal; RACE over a new snapshot; or
 * too much was read already (view->work).
 */
MUST_CHECK const struct err *view_pass_over(struct proc_view *view, const struct err *e);

/* The same for a line of @out that began at @start: it is not shown. */
MUST_CHECK const struct err *view_pass_line(struct proc_view *view, FILE *out, long start,
					    const struct err *e);

/**
 * view_may_access() - ptrace_may_access() by a root child of the reader
 *
 * True when the reader's user namespace is @task's or one above: root holds CAP_SYS_PTRACE there.
 * What @task runs may ask for more: a program that its user may not read (dumpable), which was
 * started in another namespace.
 */
MUST_CHECK const struct err *view_may_access(const struct proc_view *view, gva_t task, bool *ret);

/* NULL if so; else ABSENT with @errnum, as which it ends. */
MUST_CHECK const struct err *view_require_access(const struct proc_view *view, gva_t task,
						 int errnum);

/* Is this the first user namespace, whose root may look at everything? */
bool view_is_of_first_root(const struct proc_view *view);

/* A kernel id as the reader sees it. */
MUST_CHECK const struct err *view_uid(const struct proc_view *view, uint32_t kuid, uint32_t *ret);
MUST_CHECK const struct err *view_gid(const struct proc_view *view, uint32_t kgid, uint32_t *ret);

#endif
