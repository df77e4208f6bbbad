/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of pseudo files. Which file system a dentry belongs to is told by the magic of its
 * superblock (include/uapi/linux/magic.h). Input: attacker-controlled.
 */
#include "transcall/kobj/dname.h"

#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>

#define NAME_BYTES  256
#define PIDFS_MAGIC 0x50494446 /* PID_FS_MAGIC, since 6.9 */

static const struct err *dentry_name(const struct kernel *k, gva_t dentry, char *ret,
				     size_t size_bytes)
{
	uint64_t len;
	gva_t text;

	TRY(kfield_uint(k, dentry, F_dentry_name_len, &len));
	TRY(kfield_ptr(k, dentry, F_dentry_name_text, &text));
	if (len >= size_bytes)
		return ERR_AT(ERR_RACE, dentry.v, "a pseudo file's name has %u bytes",
			      (unsigned)len);
	TRY(kread(k, text, ret, len));
	ret[len] = 0;
	return NULL;
}

static const struct err *inode_of(const struct kernel *k, gva_t dentry, gva_t *ret,
				  uint64_t *ret_ino)
{
	TRY(kfield_ptr(k, dentry, F_dentry_inode, ret));
	return kfield_uint(k, *ret, F_inode_ino, ret_ino);
}

static const struct err *numbered(const struct kernel *k, gva_t dentry, const char *kind, char *ret,
				  size_t size_bytes)
{
	uint64_t ino;
	gva_t inode;

	TRY(inode_of(k, dentry, &inode, &ino));
	snprintf(ret, size_bytes, "%s:[%" PRIu64 "]", kind, ino);
	return NULL;
}

static const struct err *pipe_name(const struct kernel *k, gva_t dentry, char *ret, size_t size)
{
	return numbered(k, dentry, "pipe", ret, size);
}

static const struct err *socket_name(const struct kernel *k, gva_t dentry, char *ret, size_t size)
{
	return numbered(k, dentry, "socket", ret, size);
}

/* The inode of a namespace file has the ns_common as i_private. */
const struct err *dname_of_ns(const struct kernel *k, gva_t dentry, char *ret, size_t size)
{
	char kind[32];
	gva_t inode, ns, ops, name;

	TRY(kfield_ptr(k, dentry, F_dentry_inode, &inode));
	TRY(kfield_ptr(k, inode, F_inode_private, &ns));
	TRY(kfield_ptr(k, ns, F_ns_common_ops, &ops));
	TRY(kfield_ptr(k, ops, F_proc_ns_operations_name, &name));
	TRY(kread_str(k, name, kind, sizeof(kind)));
	return numbered(k, dentry, kind, ret, size);
}

static const struct err *anon_inode_name(const struct kernel *k, gva_t dentry, char *ret,
					 size_t size)
{
	char name[NAME_BYTES];

	TRY(dentry_name(k, dentry, name, sizeof(name)));
	snprintf(ret, size, "anon_inode:%s", name);
	return NULL;
}

static const struct err *pidfd_name(const struct kernel *k, gva_t dentry, char *ret, size_t size)
{
	(void)k, (void)dentry;
	snprintf(ret, size, "anon_inode:[pidfd]");
	return NULL;
}

/* simple_dname(): memfd, SysV and other shared memory, hugetlbfs */
static const struct err *simple_name(const struct kernel *k, gva_t dentry, char *ret, size_t size)
{
	char name[NAME_BYTES];

	TRY(dentry_name(k, dentry, name, sizeof(name)));
	snprintf(ret, size, "/%s (deleted)", name);
	return NULL;
}

static const struct {
	uint64_t magic;
	const struct err *(*render)(const struct kernel *k, gva_t dentry, char *ret, size_t size);
} kinds[] = {
	{PIPEFS_MAGIC, pipe_name},
	{SOCKFS_MAGIC, socket_name},
	{ANON_INODE_FS_MAGIC, anon_inode_name},
	{NSFS_MAGIC, dname_of_ns},
	{PIDFS_MAGIC, pidfd_name},
};

/* Does d_path() ask d_dname() for the name? Not where a pseudo file is a mount's root. */
static const struct err *is_pseudo(const struct kernel *k, const struct kpath *path, bool *ret)
{
	gva_t op, d_dname, parent, mnt_root;

	*ret = false;
	TRY(kfield_ptr(k, path->dentry, F_dentry_op, &op));
	if (gva_is_null(op))
		return NULL;
	TRY(kfield_ptr(k, op, F_dentry_operations_d_dname, &d_dname));
	if (gva_is_null(d_dname))
		return NULL;
	TRY(kfield_ptr(k, path->dentry, F_dentry_parent, &parent));
	TRY(kfield_ptr(k, path->mnt, F_vfsmount_root, &mnt_root));
	*ret = !gva_equal(parent, path->dentry) || !gva_equal(path->dentry, mnt_root);
	return NULL;
}

const struct err *dname_render(const struct kernel *k, const struct kpath *path, char *ret,
			       size_t size_bytes, bool *ret_pseudo)
{
	uint64_t magic;
	gva_t sb;

	TRY(is_pseudo(k, path, ret_pseudo));
	if (!*ret_pseudo)
		return NULL;
	TRY(kfield_ptr(k, path->dentry, F_dentry_sb, &sb));
	TRY(kfield_uint(k, sb, F_super_block_magic, &magic));
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].magic == magic)
			return kinds[i].render(k, path->dentry, ret, size_bytes);
	return simple_name(k, path->dentry, ret, size_bytes);
}
