/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/kobj/fake_knode.h"

#include <stdlib.h>

#include "tests/unit/kobj/fake_members.h"

#define NODE_BYTES 512

void fake_knode_init(struct fake_guest *g)
{
	FAKE_MEMBERS(g, {F_kernfs_node_parent, 8}, {F_kernfs_node_name, 8},
		     {F_kernfs_node_active, 4}, {F_kernfs_node_rb, 40}, {F_kernfs_node_ns, 8},
		     {F_kernfs_node_flags, 2}, {F_kernfs_node_mode, 2}, {F_kernfs_node_priv, 8},
		     {F_kernfs_node_iattr, 8}, {F_kernfs_node_id, 8}, {F_kernfs_node_subdirs, 8},
		     {F_kernfs_node_children, 8}, {F_kernfs_node_root, 8},
		     {F_kernfs_node_target, 8}, {F_kernfs_node_size, 8});
	FAKE_MEMBERS(g, {F_kernfs_iattrs_uid, 4}, {F_kernfs_iattrs_gid, 4});
	FAKE_MEMBERS(g, {F_kernfs_root_ids, 8});
	FAKE_MEMBERS(g, {F_rb_node_left, 8}, {F_rb_node_right, 8});
}

static gva_t pointer_at(struct fake_guest *g, gva_t at)
{
	gva_t ret;

	if (kread_ptr(&g->k, at, &ret))
		abort();
	return ret;
}

gva_t fake_knode_add(struct fake_guest *g, gva_t dir, const char *name, enum knode_type type)
{
	gva_t node = fake_alloc(g, NODE_BYTES, 8), place, other;

	fake_set(g, node, F_kernfs_node_parent, dir.v);
	fake_set(g, node, F_kernfs_node_name, fake_str(g, name).v);
	fake_set(g, node, F_kernfs_node_flags, type);
	fake_set(g, node, F_kernfs_node_mode, 0755);
	if (gva_is_null(dir))
		return node;
	place = kfield_at(&g->k, dir, F_kernfs_node_children);
	while (!gva_is_null(other = pointer_at(g, place)))
		place = kfield_at(&g->k, other, F_rb_node_right);
	fake_u64(g, place, kfield_at(&g->k, node, F_kernfs_node_rb).v);
	return node;
}
