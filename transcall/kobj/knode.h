/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knode - the nodes of kernfs, which sysfs and the file systems of control groups are made of. */
#ifndef TC_KOBJ_KNODE_H
#define TC_KOBJ_KNODE_H

#include "transcall/kobj/rbtree.h"

#define KNODE_NAME_BYTES 256  /* NAME_MAX and a NUL */
#define KNODE_PATH_BYTES 4096 /* PATH_MAX */

enum knode_type { KNODE_DIR = 1, KNODE_FILE = 2, KNODE_LINK = 4 }; /* include/linux/kernfs.h */

struct knode {
	gva_t at; /* struct kernfs_node; null: none */
	enum knode_type type;
	bool active;   /* it can be reached; else it is not there yet, or removed */
	uint32_t mode; /* permissions */
	uint64_t id;
	gva_t private; /* what it shows: of a directory of sysfs the kobject */
	gva_t ns;      /* whose it is in a directory that depends on a namespace; else null */
};

/* Return: NULL; RACE: no kernfs node; FAULT; fatal. */
MUST_CHECK const struct err *knode_read(const struct kernel *k, gva_t at, struct knode *ret);
MUST_CHECK const struct err *knode_name(const struct kernel *k, gva_t at,
					char ret[static KNODE_NAME_BYTES]);
/* The directory that it is in; null: it is a root. */
MUST_CHECK const struct err *knode_parent(const struct kernel *k, gva_t at, gva_t *ret);
/* What a KNODE_LINK leads to. */
MUST_CHECK const struct err *knode_target(const struct kernel *k, gva_t at, gva_t *ret);
/* How many directories are in a KNODE_DIR. */
MUST_CHECK const struct err *knode_subdirs(const struct kernel *k, gva_t at, uint64_t *ret);
/* Of a KNODE_FILE, what stat() shows. */
MUST_CHECK const struct err *knode_size(const struct kernel *k, gva_t at, uint64_t *ret);
/* Kernel ids of its owner. */
MUST_CHECK const struct err *knode_owner(const struct kernel *k, gva_t at, uint32_t *ret_uid,
					 uint32_t *ret_gid);

/*
 * Walk over a directory in the order of readdir(): that of hashes of the names. Nodes that cannot
 * be reached are given, too.
 */
MUST_CHECK const struct err *knode_children_init(struct rbtree_iter *it, const struct kernel *k,
						 gva_t dir);
/* @ret->at null: the end. */
MUST_CHECK const struct err *knode_children_next(struct rbtree_iter *it, const struct kernel *k,
						 struct knode *ret);

/**
 * knode_path() - the path of @to from @from, as kernfs_path_from_node() writes it
 * @ret: "/" when they are one; "/.." for each step up
 * Return: NULL; ABSENT: too long; RACE: too deep; FAULT; fatal.
 */
MUST_CHECK const struct err *knode_path(const struct kernel *k, gva_t to, gva_t from,
					char ret[static KNODE_PATH_BYTES]);

/**
 * knode_by_id() - the directory of the number @id in the tree that the directory @in is of
 * Return: NULL; ABSENT: there is none, it was removed, or is no directory; RACE; FAULT; fatal.
 */
MUST_CHECK const struct err *knode_by_id(const struct kernel *k, gva_t in, uint64_t id,
					 struct knode *ret);

#endif
