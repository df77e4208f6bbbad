/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * namei - finding a file of the guest by its path, in what its kernel has cached of directories.
 *
 * A directory entry that nobody looked up lately need not be in memory: ABSENT here means 'not
 * known', unless the file system lives in memory anyway.
 */
#ifndef TC_KOBJ_NAMEI_H
#define TC_KOBJ_NAMEI_H

#include "transcall/kobj/dpath.h"

/**
 * namei_lookup() - the place that @path names for a task whose root is @root
 * @path:   absolute; ".", "..", doubled slashes and symbolic links on the way are followed
 * @follow: a symbolic link at the end too
 * @ret:    on ABSENT: how far it came, for namei_is_certain()
 *
 * Return: NULL; ABSENT: not cached, or there is no such file, or too many links; RACE; FAULT;
 * fatal.
 */
MUST_CHECK const struct err *namei_lookup(const struct kernel *k, const struct kpath *root,
					  const char *path, bool follow, struct kpath *ret);

/* After ABSENT: is the file certainly not there, or just not cached? */
MUST_CHECK const struct err *namei_is_certain(const struct kernel *k, const struct kpath *at,
					      bool *ret);

/* Text of the symbolic link @inode. Return: NULL; ABSENT: no link, or not cached; FAULT; fatal. */
MUST_CHECK const struct err *namei_readlink(const struct kernel *k, gva_t inode, char *ret,
					    size_t size_bytes);

#endif
