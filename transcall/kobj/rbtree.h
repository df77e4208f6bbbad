/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rbtree - bounded walks in order over the kernel's red-black trees (include/linux/rbtree.h). */
#ifndef TC_KOBJ_RBTREE_H
#define TC_KOBJ_RBTREE_H

#include "transcall/kobj/kernel.h"

#define RBTREE_DEPTH_MAX 64 /* 2 * log2(n + 1) of more nodes than memory holds */

struct rbtree_iter {
	gva_t stack[RBTREE_DEPTH_MAX]; /* nodes whose left side is done */
	unsigned depth;
	uint32_t steps;
};

/* @node: rb_root.rb_node; null: an empty tree. */
MUST_CHECK const struct err *rbtree_init(struct rbtree_iter *it, const struct kernel *k,
					 gva_t node);

/*
 * @ret: address of the entry's rb_node; null at the end. Return: NULL; RACE: no tree; FAULT; fatal.
 * After RACE comes the end; after FAULT, what is not below the unreadable node.
 */
MUST_CHECK const struct err *rbtree_next(struct rbtree_iter *it, const struct kernel *k,
					 gva_t *ret);

#endif
