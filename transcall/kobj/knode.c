/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes of kernfs (fs/kernfs/dir.c). Input: attacker-controlled. */
#include "transcall/kobj/knode.h"

#include <stdio.h>
#include <string.h>

#include "transcall/kobj/xarray.h"

#define TYPE_MASK 0xfu /* KERNFS_TYPE_MASK */
#define PERMS     07777u
#define DEPTH_MAX 512 /* levels of a path of KNODE_PATH_BYTES */

const struct err *knode_read(const struct kernel *k, gva_t at, struct knode *ret)
{
	uint64_t flags, mode;
	int64_t active;

	*ret = (struct knode){.at = at};
	TRY(kfield_uint(k, at, F_kernfs_node_flags, &flags));
	TRY(kfield_uint(k, at, F_kernfs_node_mode, &mode));
	TRY(kfield_int(k, at, F_kernfs_node_active, &active));
	TRY(kfield_uint(k, at, F_kernfs_node_id, &ret->id));
	TRY(kfield_ptr(k, at, F_kernfs_node_priv, &ret->private));
	TRY(kfield_ptr(k, at, F_kernfs_node_ns, &ret->ns));
	ret->type = flags & TYPE_MASK;
	ret->active = active >= 0;
	ret->mode = (uint32_t)mode & PERMS;
	if (ret->type != KNODE_DIR && ret->type != KNODE_FILE && ret->type != KNODE_LINK)
		return ERR_AT(ERR_RACE, at.v, "no node of kernfs");
	return NULL;
}

const struct err *knode_name(const struct kernel *k, gva_t at, char ret[static KNODE_NAME_BYTES])
{
	gva_t text;

	TRY(kfield_ptr(k, at, F_kernfs_node_name, &text));
	return kread_str(k, text, ret, KNODE_NAME_BYTES);
}

const struct err *knode_parent(const struct kernel *k, gva_t at, gva_t *ret)
{
	return kfield_ptr(k, at, F_kernfs_node_parent, ret);
}

const struct err *knode_target(const struct kernel *k, gva_t at, gva_t *ret)
{
	return kfield_ptr(k, at, F_kernfs_node_target, ret);
}

const struct err *knode_subdirs(const struct kernel *k, gva_t at, uint64_t *ret)
{
	return kfield_uint(k, at, F_kernfs_node_subdirs, ret);
}

const struct err *knode_size(const struct kernel *k, gva_t at, uint64_t *ret)
{
	return kfield_uint(k, at, F_kernfs_node_size, ret);
}

/* Root's, unless somebody gave it away. */
const struct err *knode_owner(const struct kernel *k, gva_t at, uint32_t *ret_uid,
			      uint32_t *ret_gid)
{
	uint64_t uid = 0, gid = 0;
	gva_t attributes;

	TRY(kfield_ptr(k, at, F_kernfs_node_iattr, &attributes));
	if (!gva_is_null(attributes)) {
		TRY(kfield_uint(k, attributes, F_kernfs_iattrs_uid, &uid));
		TRY(kfield_uint(k, attributes, F_kernfs_iattrs_gid, &gid));
	}
	*ret_uid = (uint32_t)uid;
	*ret_gid = (uint32_t)gid;
	return NULL;
}

/* --- directories ----------------------------------------------------------------------------- */

const struct err *knode_children_init(struct rbtree_iter *it, const struct kernel *k, gva_t dir)
{
	gva_t first;

	TRY(kfield_ptr(k, dir, F_kernfs_node_children, &first));
	return rbtree_init(it, k, first);
}

const struct err *knode_children_next(struct rbtree_iter *it, const struct kernel *k,
				      struct knode *ret)
{
	gva_t node;

	*ret = (struct knode){0};
	TRY(rbtree_next(it, k, &node));
	return gva_is_null(node) ? NULL
				 : knode_read(k, kfield_container(k, node, F_kernfs_node_rb), ret);
}

/* --- paths ----------------------------------------------------------------------------------- */

/* A node and all above it, itself first. */
struct ancestry {
	unsigned depth;
	gva_t node[DEPTH_MAX];
};

static const struct err *ancestry_read(const struct kernel *k, gva_t node, struct ancestry *ret)
{
	for (ret->depth = 0; !gva_is_null(node); ret->depth++) {
		if (ret->depth == DEPTH_MAX)
			return ERR_AT(ERR_RACE, node.v, "a node of kernfs is too deep");
		ret->node[ret->depth] = node;
		TRY(knode_parent(k, node, &node));
	}
	return NULL;
}

static const struct err *path_add(const char *name, char *path, size_t *used)
{
	int len = snprintf(path + *used, KNODE_PATH_BYTES - *used, "/%s", name);

	if ((size_t)len >= KNODE_PATH_BYTES - *used)
		return ERR(ERR_ABSENT, "a path of kernfs is too long");
	*used += (size_t)len;
	return NULL;
}

const struct err *knode_path(const struct kernel *k, gva_t to, gva_t from,
			     char ret[static KNODE_PATH_BYTES])
{
	static _Thread_local struct ancestry of_to, of_from; /* 4 KiB each */
	char name[KNODE_NAME_BYTES];
	unsigned up, down;
	size_t used = 0;

	TRY(ancestry_read(k, to, &of_to));
	TRY(ancestry_read(k, from, &of_from));
	up = of_from.depth;
	down = of_to.depth;
	while (up && down && gva_equal(of_from.node[up - 1], of_to.node[down - 1])) {
		up--;
		down--;
	}
	*ret = 0;
	for (; up; up--)
		TRY(path_add("..", ret, &used));
	while (down) {
		TRY(knode_name(k, of_to.node[--down], name));
		TRY(path_add(name, ret, &used));
	}
	if (!used)
		memcpy(ret, "/", 2);
	return NULL;
}

/* --- numbers --------------------------------------------------------------------------------- */

/* kernfs_find_and_get_node_by_id(): nodes are kept by the low half of their numbers. */
const struct err *knode_by_id(const struct kernel *k, gva_t in, uint64_t id, struct knode *ret)
{
	uint64_t head, entry;
	gva_t root;

	TRY(kfield_ptr(k, in, F_kernfs_node_root, &root));
	TRY(kfield_uint(k, root, F_kernfs_root_ids, &head));
	TRY(xarray_load(k, head, (uint32_t)id, &entry));
	if (!entry || entry & 1)
		return ERR(ERR_ABSENT, "no node of kernfs has that number");
	TRY(knode_read(k, gva(entry), ret));
	if (ret->id != id || !ret->active || ret->type != KNODE_DIR)
		return ERR(ERR_ABSENT, "no directory of kernfs has that number any more");
	return NULL;
}
