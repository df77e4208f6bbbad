/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node - one look at the tree: paths to nodes, directories to names. tree.h has the same with new
 * snapshots where the guest ran on; all errors of its functions are of these.
 */
#ifndef TC_PROC_NODE_H
#define TC_PROC_NODE_H

#include "transcall/proc/tree.h"

/* The node at @path, which may begin with any number of slashes. Return: NULL; ABSENT; FAULT, RACE;
 * fatal. */
MUST_CHECK const struct err *node_find(struct proc_view *view, const char *path,
				       struct proc_node *ret);

/* All children of @dir; several times the same, if a guest says so. Errors as node_find(). */
MUST_CHECK const struct err *node_list(struct proc_view *view, const struct proc_node *dir,
				       proc_emit emit, void *context);

#endif
