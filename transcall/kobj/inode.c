/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inodes. Input: attacker-controlled. */
#include "transcall/kobj/inode.h"

#include <sys/sysmacros.h>

#define MINOR_BITS 20 /* MINORBITS, include/linux/kdev_t.h */
#define NSEC_MASK                                                                                  \
	0x3fffffffu /* bit 31 marks multigrain timestamps that were queried, since 6.13            \
		     */
#define BLKBITS_MAX 31u

static dev_t dev_decode(uint64_t dev)
{
	return makedev((unsigned)(dev >> MINOR_BITS), (unsigned)(dev & ((1u << MINOR_BITS) - 1)));
}

const struct err *inode_of_dentry(const struct kernel *k, gva_t dentry, gva_t *ret)
{
	TRY(kfield_ptr(k, dentry, F_dentry_inode, ret));
	if (gva_is_null(*ret))
		return ERR_AT(ERR_ABSENT, dentry.v, "the name has no file");
	return NULL;
}

const struct err *inode_sb_dev(const struct kernel *k, gva_t sb, dev_t *ret)
{
	uint64_t dev;

	TRY(kfield_uint(k, sb, F_super_block_dev, &dev));
	*ret = dev_decode(dev);
	return NULL;
}

const struct err *inode_dev(const struct kernel *k, gva_t inode, dev_t *ret)
{
	gva_t sb;

	TRY(kfield_ptr(k, inode, F_inode_sb, &sb));
	return inode_sb_dev(k, sb, ret);
}

const struct err *inode_socket_dev(const struct kernel *k, dev_t *ret)
{
	gva_t mnt, sb;

	TRY(kread_ptr(k, kernel_symbol(k, S_sock_mnt), &mnt));
	TRY(kfield_ptr(k, mnt, F_vfsmount_sb, &sb));
	return inode_sb_dev(k, sb, ret);
}

const struct err *inode_number(const struct kernel *k, gva_t inode, uint64_t *ret)
{
	return kfield_uint(k, inode, F_inode_ino, ret);
}

static const struct err *time_read(const struct kobject_copy *o, const struct kernel *k,
				   enum field_id sec, enum field_id nsec, struct timespec *ret)
{
	int64_t s;
	uint64_t ns;

	TRY(kobject_int(o, k, sec, &s));
	TRY(kobject_uint(o, k, nsec, &ns));
	*ret = (struct timespec){.tv_sec = s, .tv_nsec = (long)(ns & NSEC_MASK)};
	return NULL;
}

static const struct err *times_read(const struct kobject_copy *o, const struct kernel *k,
				    struct stat *ret)
{
	TRY(time_read(o, k, F_inode_atime_sec, F_inode_atime_nsec, &ret->st_atim));
	TRY(time_read(o, k, F_inode_mtime_sec, F_inode_mtime_nsec, &ret->st_mtim));
	return time_read(o, k, F_inode_ctime_sec, F_inode_ctime_nsec, &ret->st_ctim);
}

static const struct err *members_read(const struct kobject_copy *o, const struct kernel *k,
				      struct stat *ret)
{
	uint64_t mode, uid, gid, nlink, rdev, ino, blkbits, blocks;
	int64_t size;

	TRY(kobject_uint(o, k, F_inode_mode, &mode));
	TRY(kobject_uint(o, k, F_inode_uid, &uid));
	TRY(kobject_uint(o, k, F_inode_gid, &gid));
	TRY(kobject_uint(o, k, F_inode_nlink, &nlink));
	TRY(kobject_uint(o, k, F_inode_rdev, &rdev));
	TRY(kobject_uint(o, k, F_inode_ino, &ino));
	TRY(kobject_int(o, k, F_inode_size, &size));
	TRY(kobject_uint(o, k, F_inode_blkbits, &blkbits));
	TRY(kobject_uint(o, k, F_inode_blocks, &blocks));
	if (blkbits > BLKBITS_MAX)
		return ERR_AT(ERR_RACE, o->at.v, "an inode has block size 1 << %u",
			      (unsigned)blkbits);
	ret->st_mode = (mode_t)mode;
	ret->st_uid = (uid_t)uid;
	ret->st_gid = (gid_t)gid;
	ret->st_nlink = nlink;
	ret->st_rdev = dev_decode(rdev);
	ret->st_ino = ino;
	ret->st_size = size;
	ret->st_blksize = (blksize_t)(UINT64_C(1) << blkbits);
	ret->st_blocks = (blkcnt_t)blocks;
	return NULL;
}

/* Anonymous inodes, and pid files, are of no type to their getattr(), whatever i_mode says. */
static const struct err *type_adjust(const struct kernel *k, gva_t inode, struct stat *ret)
{
	static const enum symbol_id typeless[] = {S_anon_inode_getattr, S_pidfs_getattr};
	gva_t op, getattr;

	TRY(kfield_ptr(k, inode, F_inode_op, &op));
	TRY(kfield_ptr(k, op, F_inode_operations_getattr, &getattr));
	for (unsigned i = 0; i < sizeof(typeless) / sizeof(typeless[0]); i++)
		if (!gva_is_null(getattr) && gva_equal(getattr, kernel_symbol(k, typeless[i])))
			ret->st_mode &= ~(mode_t)S_IFMT;
	return NULL;
}

const struct err *inode_stat(const struct kernel *k, gva_t inode, struct stat *ret)
{
	struct kobject_copy o;

	TRY(kobject_init(&o, k, inode, SIZE_inode));
	TRY(members_read(&o, k, ret));
	TRY(times_read(&o, k, ret));
	TRY(type_adjust(k, inode, ret));
	return inode_dev(k, inode, &ret->st_dev);
}
