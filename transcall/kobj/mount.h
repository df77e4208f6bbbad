/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mount - the mounts of a mount namespace. */
#ifndef TC_KOBJ_MOUNT_H
#define TC_KOBJ_MOUNT_H

#include "transcall/kobj/dpath.h"
#include "transcall/kobj/list.h"
#include "transcall/kobj/rbtree.h"

/* include/linux/mount.h; the same numbers since 5.10 */
#define MOUNT_NOSUID      0x01u
#define MOUNT_NODEV       0x02u
#define MOUNT_NOEXEC      0x04u
#define MOUNT_NOATIME     0x08u
#define MOUNT_NODIRATIME  0x10u
#define MOUNT_RELATIME    0x20u
#define MOUNT_READONLY    0x40u
#define MOUNT_NOSYMFOLLOW 0x80u

/* Walk over the mounts of the namespace that a task is in, in the order of /proc/PID/mounts. */
struct mount_iter {
	bool tree; /* since 6.8 */
	struct rbtree_iter nodes;
	struct list_iter list;
};
/* Return: NULL; ABSENT: the task has left its namespaces; RACE; FAULT; fatal. */
MUST_CHECK const struct err *mount_iter_init(struct mount_iter *it, const struct kernel *k,
					     gva_t task);
/* @ret: a struct mount; null at the end. */
MUST_CHECK const struct err *mount_iter_next(struct mount_iter *it, const struct kernel *k,
					     gva_t *ret);

struct kmount {
	gva_t at, sb, devname; /* devname: a string, or null */
	struct kpath path;     /* its root */
	uint32_t flags;        /* MOUNT_* */
	int32_t id, parent_id, group_id;
	int32_t master_group; /* 0: receives from nobody */
	bool shared, unbindable, idmapped;
};
MUST_CHECK const struct err *mount_read(const struct kernel *k, gva_t at, struct kmount *ret);

/* get_dominating_id(): the nearest peer group below @root that @mount receives from; 0: none. */
MUST_CHECK const struct err *mount_dominating_id(const struct kernel *k, gva_t mount,
						 const struct kpath *root, int32_t *ret);

#endif
