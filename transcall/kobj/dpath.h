/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dpath - names of files: what d_path() would print for a task whose root is @root.
 *
 * Pseudo files have names of their own (pipe:[N], socket:[N], anon_inode:[x], /memfd:x (deleted)).
 */
#ifndef TC_KOBJ_DPATH_H
#define TC_KOBJ_DPATH_H

#include "transcall/kobj/kernel.h"

#define DPATH_BYTES 4096 /* PATH_MAX: longer names have no path in the guest either */

/* A struct path: a place in a tree of mounts. */
struct kpath {
	gva_t mnt; /* struct vfsmount */
	gva_t dentry;
};

/* The struct path at @at; the root and the working directory of a task. */
MUST_CHECK const struct err *kpath_read(const struct kernel *k, gva_t at, struct kpath *ret);
/* ABSENT: the task has no fs_struct (it is exiting). */
MUST_CHECK const struct err *kpath_root(const struct kernel *k, gva_t task, struct kpath *ret);
MUST_CHECK const struct err *kpath_cwd(const struct kernel *k, gva_t task, struct kpath *ret);

/**
 * dpath_render() - d_path()
 * @root: of the reader: names are relative to it
 * @ret:  out: NUL-terminated
 *
 * Return: NULL; ABSENT: longer than @size_bytes or PATH_MAX; RACE: a tree that cannot be; FAULT;
 * fatal.
 */
MUST_CHECK const struct err *dpath_render(const struct kernel *k, const struct kpath *root,
					  const struct kpath *path, char *ret, size_t size_bytes);

/* As __d_path(): @ret_below false, and no name, when @path is not below @root. */
MUST_CHECK const struct err *dpath_render_below(const struct kernel *k, const struct kpath *root,
						const struct kpath *path, char *ret,
						size_t size_bytes, bool *ret_below);

/* dentry_path(): the name within the file system. */
MUST_CHECK const struct err *dpath_render_dentry(const struct kernel *k, gva_t dentry, char *ret,
						 size_t size_bytes);

#endif
