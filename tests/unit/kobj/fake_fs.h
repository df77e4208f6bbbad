/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_fs - file systems, dentries, inodes and mounts of a fake guest, as the kernel links them. */
#ifndef TESTS_UNIT_KOBJ_FAKE_FS_H
#define TESTS_UNIT_KOBJ_FAKE_FS_H

#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/dpath.h"

/* Members of paths, dentries, inodes, superblocks and mounts. */
void fake_fs_init(struct fake_guest *g);

/* A superblock of a device and kind, and its root dentry (kept in its fs_info). */
gva_t fake_sb(struct fake_guest *g, uint64_t magic, unsigned major, unsigned minor);
gva_t fake_sb_root(struct fake_guest *g, gva_t sb);

gva_t fake_inode(struct fake_guest *g, gva_t sb, uint64_t ino, unsigned mode);

/* A hashed dentry called @name; @parent null: the top of a file system. */
gva_t fake_dentry(struct fake_guest *g, gva_t parent, gva_t sb, const char *name, gva_t inode);
void fake_unlink(struct fake_guest *g, gva_t dentry);
/* Its file system makes up names (d_op->d_dname). */
void fake_dname(struct fake_guest *g, gva_t dentry);

/* @sb's root mounted on @point of the mount @parent; @parent null: mounted on itself. A vfsmount.
 */
gva_t fake_mount(struct fake_guest *g, gva_t sb, gva_t parent, gva_t point, unsigned id);
/* struct mount around a vfsmount */
gva_t fake_mount_of(struct fake_guest *g, gva_t vfsmount);

#endif
