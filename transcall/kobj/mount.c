/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts. Input: attacker-controlled. */
#include "transcall/kobj/mount.h"

#include "transcall/kobj/ns.h"

#define FLAG_SHARED     0x1000u /* MNT_SHARED, MNT_UNBINDABLE, until 6.16 */
#define FLAG_UNBINDABLE 0x2000u
#define FLAG_CURSOR     0x10000000u /* MNT_CURSOR: a reader's place in the list, until 6.7 */
#define TREE_SHARED     0x1u        /* T_SHARED, T_UNBINDABLE */
#define TREE_UNBINDABLE 0x2u
#define MASTERS_MAX     4096u

const struct err *mount_iter_init(struct mount_iter *it, const struct kernel *k, gva_t task)
{
	gva_t ns, root;

	TRY(ns_of_task(k, task, ns_find("mnt"), &ns));
	it->tree = profile_has(k->profile, F_mnt_namespace_tree);
	if (!it->tree)
		return list_init(&it->list, k, kfield_at(k, ns, F_mnt_namespace_list));
	TRY(kfield_ptr(k, ns, F_mnt_namespace_tree, &root));
	return rbtree_init(&it->nodes, k, root);
}

static const struct err *list_step(struct mount_iter *it, const struct kernel *k, gva_t *ret)
{
	uint64_t flags = FLAG_CURSOR;
	gva_t node;

	*ret = gva(0);
	while (flags & FLAG_CURSOR) {
		TRY(list_next(&it->list, k, &node));
		if (gva_is_null(node))
			return NULL;
		*ret = kfield_container(k, node, F_mount_list);
		TRY(kfield_uint(k, kfield_at(k, *ret, F_mount_mnt), F_vfsmount_flags, &flags));
		if (flags & FLAG_CURSOR)
			*ret = gva(0);
	}
	return NULL;
}

const struct err *mount_iter_next(struct mount_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t node;

	if (!it->tree)
		return list_step(it, k, ret);
	TRY(rbtree_next(&it->nodes, k, &node));
	*ret = gva_is_null(node) ? node : kfield_container(k, node, F_mount_node);
	return NULL;
}

static const struct err *propagation_read(const struct kernel *k, struct kmount *m, uint64_t flags)
{
	uint64_t tree_flags, group = 0;
	gva_t master;

	m->shared = flags & FLAG_SHARED;
	m->unbindable = flags & FLAG_UNBINDABLE;
	if (profile_has(k->profile, F_mount_t_flags)) {
		TRY(kfield_uint(k, m->at, F_mount_t_flags, &tree_flags));
		m->shared = tree_flags & TREE_SHARED;
		m->unbindable = tree_flags & TREE_UNBINDABLE;
	}
	TRY(kfield_ptr(k, m->at, F_mount_master, &master));
	if (!gva_is_null(master))
		TRY(kfield_uint(k, master, F_mount_group_id, &group));
	m->master_group = (int32_t)group;
	return NULL;
}

/* is_idmapped_mnt(): a user namespace other than the superblock's, since 6.2 an id map */
static const struct err *idmap_read(const struct kernel *k, struct kmount *m)
{
	gva_t map, usual = kernel_symbol(k, S_nop_mnt_idmap);

	m->idmapped = false;
	if (profile_has(k->profile, F_vfsmount_idmap))
		TRY(kfield_ptr(k, m->path.mnt, F_vfsmount_idmap, &map));
	else if (profile_has(k->profile, F_vfsmount_userns)) {
		TRY(kfield_ptr(k, m->path.mnt, F_vfsmount_userns, &map));
		TRY(kfield_ptr(k, m->sb, F_super_block_user_ns, &usual));
	} else
		return NULL;
	m->idmapped = !gva_equal(map, usual);
	return NULL;
}

static const struct err *number_read(const struct kernel *k, gva_t mount, enum field_id id,
				     int32_t *ret)
{
	int64_t v;

	TRY(kfield_int(k, mount, id, &v));
	*ret = (int32_t)v;
	return NULL;
}

const struct err *mount_read(const struct kernel *k, gva_t at, struct kmount *ret)
{
	uint64_t flags;
	gva_t parent;

	ret->at = at;
	ret->path.mnt = kfield_at(k, at, F_mount_mnt);
	TRY(kfield_ptr(k, ret->path.mnt, F_vfsmount_root, &ret->path.dentry));
	TRY(kfield_ptr(k, ret->path.mnt, F_vfsmount_sb, &ret->sb));
	TRY(kfield_uint(k, ret->path.mnt, F_vfsmount_flags, &flags));
	TRY(kfield_ptr(k, at, F_mount_devname, &ret->devname));
	TRY(kfield_ptr(k, at, F_mount_parent, &parent));
	ret->flags = (uint32_t)flags;
	TRY(number_read(k, at, F_mount_id, &ret->id));
	TRY(number_read(k, parent, F_mount_id, &ret->parent_id));
	TRY(number_read(k, at, F_mount_group_id, &ret->group_id));
	TRY(idmap_read(k, ret));
	return propagation_read(k, ret, flags);
}

/* is_path_reachable(): is the root of @mount at or below @root? */
static const struct err *below(const struct kernel *k, gva_t mount, const struct kpath *root,
			       bool *ret)
{
	struct kpath path = {.mnt = kfield_at(k, mount, F_mount_mnt)};
	char name[DPATH_BYTES];

	TRY(kfield_ptr(k, path.mnt, F_vfsmount_root, &path.dentry));
	return dpath_render_below(k, root, &path, name, sizeof(name), ret);
}

/* get_peer_under_root(): @ret null: no peer of @mount is in @ns and below @root. */
static const struct err *peer_find(const struct kernel *k, gva_t mount, gva_t ns,
				   const struct kpath *root, gva_t *ret)
{
	struct list_iter it;
	gva_t peer = mount, node, peer_ns;
	bool found;

	TRY(list_init(&it, k, kfield_at(k, mount, F_mount_share)));
	for (;;) {
		TRY(kfield_ptr(k, peer, F_mount_ns, &peer_ns));
		found = gva_equal(peer_ns, ns);
		if (found)
			TRY(below(k, peer, root, &found));
		*ret = found ? peer : gva(0);
		if (found)
			return NULL;
		TRY(list_next(&it, k, &node));
		if (gva_is_null(node))
			return NULL;
		peer = kfield_container(k, node, F_mount_share);
	}
}

const struct err *mount_dominating_id(const struct kernel *k, gva_t mount, const struct kpath *root,
				      int32_t *ret)
{
	gva_t ns, peer, at = mount;

	*ret = 0;
	TRY(kfield_ptr(k, mount, F_mount_ns, &ns));
	for (unsigned i = 0; i < MASTERS_MAX; i++) {
		TRY(kfield_ptr(k, at, F_mount_master, &at));
		if (gva_is_null(at))
			return NULL;
		TRY(peer_find(k, at, ns, root, &peer));
		if (!gva_is_null(peer))
			return number_read(k, peer, F_mount_group_id, ret);
	}
	return ERR_AT(ERR_RACE, mount.v, "mounts are masters of each other in a circle");
}
