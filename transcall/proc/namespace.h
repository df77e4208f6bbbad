/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespace - an open namespace of the guest, and what ioctl_ns(2) asks of it. */
#ifndef TC_PROC_NAMESPACE_H
#define TC_PROC_NAMESPACE_H

#include "transcall/proc/tree.h"

struct proc_namespace {
	char entry[20];  /* of /proc/PID/ns */
	gva_t at;        /* where it was; whether it still is, its number tells */
	uint64_t number;
};

/* That of a node of /proc/PID/ns. */
MUST_CHECK const struct err *proc_namespace_open(struct proc_view *view,
						 const struct proc_node *node,
						 struct proc_namespace *ret);

/*
 * The questions. ABSENT: the namespace is gone, or is not for the reader to know (EPERM).
 */
MUST_CHECK const struct err *proc_namespace_stat(struct proc_view *view,
						 const struct proc_namespace *ns, struct stat *ret);
MUST_CHECK const struct err *proc_namespace_owner(struct proc_view *view,
						  const struct proc_namespace *ns,
						  struct proc_namespace *ret);
/* Only a pid namespace has this parent; a user namespace's is its owner. */
MUST_CHECK const struct err *proc_namespace_parent(struct proc_view *view,
						   const struct proc_namespace *ns,
						   struct proc_namespace *ret);
/* The user who made a user namespace. */
MUST_CHECK const struct err *proc_namespace_uid(struct proc_view *view,
						const struct proc_namespace *ns, uint32_t *ret);
uint32_t proc_namespace_type(const struct proc_namespace *ns);

#endif
