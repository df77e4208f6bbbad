/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Red-black trees. Input: attacker-controlled. */
#include "transcall/kobj/rbtree.h"

#include "transcall/kobj/list.h"

/* Push @node and all that is left of it. */
static const struct err *push_left(struct rbtree_iter *it, const struct kernel *k, gva_t node)
{
	while (!gva_is_null(node)) {
		if (it->depth == RBTREE_DEPTH_MAX)
			return ERR_AT(ERR_RACE, node.v, "a red-black tree is too deep");
		it->stack[it->depth] = node;
		TRY(kfield_ptr(k, node, F_rb_node_left, &node));
		it->depth++;
	}
	return NULL;
}

const struct err *rbtree_init(struct rbtree_iter *it, const struct kernel *k, gva_t node)
{
	it->depth = 0;
	it->steps = 0;
	return push_left(it, k, node);
}

const struct err *rbtree_next(struct rbtree_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t node, right;

	*ret = gva(0);
	if (!it->depth)
		return NULL;
	node = it->stack[--it->depth];
	if (it->steps++ == LIST_MAX) {
		it->depth = 0;
		return ERR_AT(ERR_RACE, node.v, "a red-black tree does not end");
	}
	const struct err *e = kfield_ptr(k, node, F_rb_node_right, &right);
	if (!e)
		e = push_left(it, k, right);
	if (e && e->kind == ERR_RACE)
		it->depth = 0; /* no tree: of an unreadable node, only what is below is lost */
	if (!e)
		*ret = node;
	return e;
}
