/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ns - the namespaces of a task, as /proc/PID/ns names them. */
#ifndef TC_KOBJ_NS_H
#define TC_KOBJ_NS_H

#include <sys/stat.h>

#include "transcall/kobj/kernel.h"

struct ns_kind; /* one entry of /proc/PID/ns */

/* The entry called @name; NULL: there is none. Its kind: "mnt" also for "time_for_children" and the
 * like. */
const struct ns_kind *ns_find(const char *name);
const char *ns_kind_name(const struct ns_kind *kind);

/* The namespace object. Return: NULL; ABSENT: the task has none any more; FAULT; fatal. */
MUST_CHECK const struct err *ns_of_task(const struct kernel *k, gva_t task,
					const struct ns_kind *kind, gva_t *ret);
MUST_CHECK const struct err *ns_number(const struct kernel *k, gva_t ns, const struct ns_kind *kind,
				       uint64_t *ret);

/* What stat() of a namespace file shows. */
MUST_CHECK const struct err *ns_stat(const struct kernel *k, gva_t ns, const struct ns_kind *kind,
				     struct stat *ret);

/* The network namespace of a task: a struct net. ABSENT as above. */
MUST_CHECK const struct err *ns_net_of_task(const struct kernel *k, gva_t task, gva_t *ret);

/* CLONE_NEW* of the kind. */
uint32_t ns_type(const struct ns_kind *kind);

/*
 * The user namespace that @ns belongs to (of one of those, its parent), and the parent of a pid
 * namespace. ABSENT: it is not the reader's (@user_ns, @pid_ns), nor below that.
 */
MUST_CHECK const struct err *ns_owner(const struct kernel *k, gva_t ns, const struct ns_kind *kind,
				      gva_t user_ns, gva_t *ret);
MUST_CHECK const struct err *ns_pid_parent(const struct kernel *k, gva_t ns, gva_t pid_ns,
					   gva_t *ret);

#endif
