/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * procfs - what exists in /proc by the guest's own account: the entries that its kernel and modules
 * registered there. Rows of tree.def say how they are rendered; what has no row is there, too, with
 * its type, mode and owner, but cannot be read.
 */
#ifndef TC_PROC_PROCFS_H
#define TC_PROC_PROCFS_H

#include "transcall/proc/rows.h"

/**
 * procfs_step() - the child @ret->name of a directory
 * @dir: the directory's struct proc_dir_entry
 * @row: the row for it; null: none
 * @ret: in: as for proc_find_fn; out: what differs for the child
 * Return: NULL; ABSENT: no such child; FAULT, RACE, fatal.
 */
MUST_CHECK const struct err *procfs_step(struct proc_view *view, gva_t dir,
					 const struct proc_entry *row, struct proc_node *ret);

/* All children of the directory whose struct proc_dir_entry is @dir. */
MUST_CHECK const struct err *procfs_list(struct proc_view *view, gva_t dir, proc_emit emit,
					 void *context);

#endif
