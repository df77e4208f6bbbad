/* SPDX-License-Identifier: GPL-2.0-or-later */
/* owner - what lstat() shows of a node by default: type, mode, owner, inode number. */
#ifndef TC_PROC_OWNER_H
#define TC_PROC_OWNER_H

#include "transcall/proc/tree.h"

/* Fill @ret for @node; entries of a task belong to who the kernel says (task_dump_owner()). */
MUST_CHECK const struct err *proc_owner_attr(struct proc_view *view, const struct proc_node *node,
					     struct stat *ret);

/**
 * proc_owner_permit() - generic_permission() by the reader's root
 * @others: S_IROTH or S_IXOTH
 *
 * Return: NULL; ABSENT with EACCES: others may not, and it is nobody's whom the reader's user
 * namespace knows.
 */
MUST_CHECK const struct err *proc_owner_permit(struct proc_view *view, const struct proc_node *node,
					       mode_t others);

#endif
