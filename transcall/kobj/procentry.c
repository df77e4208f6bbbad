/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is registered in procfs. Input: attacker-controlled. */
#include "transcall/kobj/procentry.h"

#include <string.h>

static const struct err *name_read(const struct kernel *k, gva_t at,
				   char ret[static PROCENTRY_NAME_BYTES])
{
	gva_t name;

	TRY(kfield_ptr(k, at, F_proc_dir_entry_name, &name));
	return kread_str(k, name, ret, PROCENTRY_NAME_BYTES);
}

static const struct err *number_read(const struct kernel *k, gva_t at, enum field_id id,
				     uint32_t *ret)
{
	uint64_t number;

	TRY(kfield_uint(k, at, id, &number));
	*ret = (uint32_t)number;
	return NULL;
}

const struct err *procentry_read(const struct kernel *k, gva_t at, struct procentry *ret)
{
	ret->at = at;
	TRY(name_read(k, at, ret->name));
	TRY(number_read(k, at, F_proc_dir_entry_mode, &ret->mode));
	TRY(number_read(k, at, F_proc_dir_entry_uid, &ret->uid));
	TRY(number_read(k, at, F_proc_dir_entry_gid, &ret->gid));
	TRY(number_read(k, at, F_proc_dir_entry_nlink, &ret->link_count));
	return kfield_ptr(k, at, F_proc_dir_entry_data, &ret->data);
}

/* proc_match() */
static int name_compare(const char *a, const char *b)
{
	size_t x = strlen(a), y = strlen(b);

	return x != y ? (x > y) - (x < y) : memcmp(a, b, x);
}

/* pde_subdir_find() */
const struct err *procentry_find(const struct kernel *k, gva_t dir, const char *name,
				 struct procentry *ret)
{
	gva_t node;

	TRY(kfield_ptr(k, dir, F_proc_dir_entry_subdir, &node));
	for (unsigned depth = 0; !gva_is_null(node); depth++) {
		char other[PROCENTRY_NAME_BYTES];
		gva_t at = kfield_container(k, node, F_proc_dir_entry_subdir_node);

		if (depth == RBTREE_DEPTH_MAX)
			return ERR_AT(ERR_RACE, dir.v, "a directory of /proc is too deep");
		TRY(name_read(k, at, other));
		int order = name_compare(name, other);
		if (order == 0)
			return procentry_read(k, at, ret);
		TRY(kfield_ptr(k, node, order < 0 ? F_rb_node_left : F_rb_node_right, &node));
	}
	return ERR(ERR_ABSENT, "the guest has no %.64s there", name);
}

const struct err *procentry_iter_init(struct rbtree_iter *it, const struct kernel *k, gva_t dir)
{
	gva_t node;

	TRY(kfield_ptr(k, dir, F_proc_dir_entry_subdir, &node));
	return rbtree_init(it, k, node);
}

const struct err *procentry_iter_next(struct rbtree_iter *it, const struct kernel *k,
				      struct procentry *ret)
{
	gva_t node;

	ret->at = gva(0);
	TRY(rbtree_next(it, k, &node));
	if (gva_is_null(node))
		return NULL;
	return procentry_read(k, kfield_container(k, node, F_proc_dir_entry_subdir_node), ret);
}
