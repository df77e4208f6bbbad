/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysctl - the tables that /proc/sys is made of (fs/proc/proc_sysctl.c).
 *
 * Directories are red-black trees of names. What belongs to a namespace is a link in the tree of
 * all, to the same path in the namespace's own tree.
 */
#ifndef TC_KOBJ_SYSCTL_H
#define TC_KOBJ_SYSCTL_H

#include <sys/stat.h>

#include "transcall/kobj/rbtree.h"

#define SYSCTL_NAME_BYTES 64
#define SYSCTL_PATH_BYTES 128
#define SYSCTL_SETS       5 /* net, user, ipc, mqueue, pid */

/* The trees of a task's namespaces, each a struct ctl_dir. */
struct sysctl_trees {
	gva_t all;
	gva_t own[SYSCTL_SETS];
	unsigned own_count;
};

struct sysctl_entry {
	gva_t dir;        /* of a directory: its struct ctl_dir; else null */
	bool of_all;      /* it is in the tree of all, not in a namespace's */
	uint32_t mode;    /* type (none: a file) and permissions */
	gva_t data;       /* what it shows; may be null */
	uint32_t max_len; /* bytes of it */
	gva_t handler;    /* function that shows it */
};

MUST_CHECK const struct err *sysctl_trees_of_task(const struct kernel *k, gva_t task,
						  struct sysctl_trees *ret);

/**
 * sysctl_find() - the entry at @path ("kernel/pid_max"; "": /proc/sys itself), links followed
 * Return: NULL; ABSENT: there is none; RACE: no trees; FAULT; fatal.
 */
MUST_CHECK const struct err *sysctl_find(const struct kernel *k, const struct sysctl_trees *trees,
					 const char *path, struct sysctl_entry *ret);

/* Walk over the names of a directory, in the guest's order. */
MUST_CHECK const struct err *sysctl_iter_init(struct rbtree_iter *it, const struct kernel *k,
					      gva_t dir);
/* @ret: a name; empty at the end. */
MUST_CHECK const struct err *sysctl_iter_next(struct rbtree_iter *it, const struct kernel *k,
					      char ret[static SYSCTL_NAME_BYTES]);

#endif
