/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inode - what stat() shows of a file. */
#ifndef TC_KOBJ_INODE_H
#define TC_KOBJ_INODE_H

#include <sys/stat.h>

#include "transcall/kobj/dpath.h"

/* The inode that a dentry names. Return: NULL; ABSENT: a negative dentry; FAULT; fatal. */
MUST_CHECK const struct err *inode_of_dentry(const struct kernel *k, gva_t dentry, gva_t *ret);

/* generic_fillattr(), with kernel ids: map st_uid and st_gid before they are shown. */
MUST_CHECK const struct err *inode_stat(const struct kernel *k, gva_t inode, struct stat *ret);

/* Device number (as makedev() makes it) of the file system at @sb; inode number. */
MUST_CHECK const struct err *inode_sb_dev(const struct kernel *k, gva_t sb, dev_t *ret);
MUST_CHECK const struct err *inode_dev(const struct kernel *k, gva_t inode, dev_t *ret);
/* The same of sockfs, which all sockets are on. */
MUST_CHECK const struct err *inode_socket_dev(const struct kernel *k, dev_t *ret);
MUST_CHECK const struct err *inode_number(const struct kernel *k, gva_t inode, uint64_t *ret);

#endif
