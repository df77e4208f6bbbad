/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * procentry - the files that the kernel and its modules registered in procfs: struct proc_dir_entry
 * (fs/proc/internal.h; the same members from 5.10 to 7.2).
 *
 * A directory's children are a red-black tree, ordered as the kernel lists them: by length, then by
 * bytes (proc_match()).
 */
#ifndef TC_KOBJ_PROCENTRY_H
#define TC_KOBJ_PROCENTRY_H

#include <sys/stat.h>

#include "transcall/kobj/rbtree.h"

#define PROCENTRY_NAME_BYTES 128 /* longer names are cut */

struct procentry {
	gva_t at; /* struct proc_dir_entry */
	char name[PROCENTRY_NAME_BYTES];
	uint32_t mode;     /* type and permissions */
	uint32_t uid, gid; /* of the initial user namespace */
	uint32_t link_count;
	gva_t data; /* of a link: its text; else whatever the file's functions make of it */
};

MUST_CHECK const struct err *procentry_read(const struct kernel *k, gva_t at,
					    struct procentry *ret);

/**
 * procentry_find() - the child @name of the directory @dir
 * Return: NULL; ABSENT: it has none; RACE: no tree; FAULT; fatal.
 */
MUST_CHECK const struct err *procentry_find(const struct kernel *k, gva_t dir, const char *name,
					    struct procentry *ret);

/* Walk over the children of @dir; @ret->at null: the end. Errors as of rbtree_next(). */
MUST_CHECK const struct err *procentry_iter_init(struct rbtree_iter *it, const struct kernel *k,
						 gva_t dir);
MUST_CHECK const struct err *procentry_iter_next(struct rbtree_iter *it, const struct kernel *k,
						 struct procentry *ret);

#endif
