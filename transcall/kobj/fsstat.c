/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File systems in numbers. Input: attacker-controlled. */
#include "transcall/kobj/fsstat.h"

#include <string.h>
#include <sys/mount.h>

#include "transcall/kobj/mount.h"
#include "transcall/kobj/percpu_counter.h"

#define NAME_BYTES_MAX 255  /* NAME_MAX */
#define INODE_BYTES    1024 /* BOGO_INODE_SIZE, mm/shmem.c */
#define FLAG_VALID     0x0020 /* ST_VALID, include/linux/statfs.h */
#define FLAG_RELATIME  0x1000

/* shmem_statfs(), mm/shmem.c */
static const struct err *shmem(const struct kernel *k, gva_t sb, struct statfs *ret)
{
	uint64_t blocks, used, inodes, free;
	gva_t info;

	TRY(kfield_ptr(k, sb, F_super_block_fs_info, &info));
	TRY(kfield_uint(k, info, F_shmem_sb_info_max_blocks, &blocks));
	TRY(kfield_uint(k, info, F_shmem_sb_info_max_inodes, &inodes));
	if (blocks) {
		TRY(percpu_counter_sum(k, kfield_at(k, info, F_shmem_sb_info_used_blocks), &used));
		ret->f_blocks = blocks;
		ret->f_bfree = ret->f_bavail = blocks - (used < blocks ? used : blocks);
	}
	if (!inodes)
		return NULL;
	if (profile_has(k->profile, F_shmem_sb_info_free_ispace)) {
		TRY(kfield_uint(k, info, F_shmem_sb_info_free_ispace, &free));
		free /= INODE_BYTES;
	} else {
		TRY(kfield_uint(k, info, F_shmem_sb_info_free_inodes, &free));
	}
	ret->f_files = inodes;
	ret->f_ffree = free;
	return NULL;
}

/* What the file system itself says; the others have nothing to count. */
static const struct err *ask(const struct kernel *k, gva_t sb, struct statfs *ret)
{
	gva_t op, function;

	TRY(kfield_ptr(k, sb, F_super_block_op, &op));
	TRY(kfield_ptr(k, op, F_super_operations_statfs, &function));
	if (gva_equal(function, kernel_symbol(k, S_shmem_statfs)))
		return shmem(k, sb, ret);
	if (gva_equal(function, kernel_symbol(k, S_simple_statfs)) ||
	    (!gva_is_null(function) && gva_equal(function, kernel_symbol(k, S_kernfs_statfs))))
		return NULL;
	return ERR_AT(ERR_ABSENT, sb.v, "what the file system has free is not known");
}

/* calculate_f_flags(), fs/statfs.c; ST_* of <sys/statvfs.h> are the numbers of MS_* mostly. */
static long flags_of(uint32_t mount, uint64_t sb)
{
	long flags = FLAG_VALID;

	flags |= (mount & MOUNT_READONLY) || (sb & MS_RDONLY) ? MS_RDONLY : 0;
	flags |= mount & MOUNT_NOSUID ? MS_NOSUID : 0;
	flags |= mount & MOUNT_NODEV ? MS_NODEV : 0;
	flags |= mount & MOUNT_NOEXEC ? MS_NOEXEC : 0;
	flags |= mount & MOUNT_NOATIME ? MS_NOATIME : 0;
	flags |= mount & MOUNT_NODIRATIME ? MS_NODIRATIME : 0;
	flags |= mount & MOUNT_RELATIME ? FLAG_RELATIME : 0;
	return flags | (long)(sb & (MS_SYNCHRONOUS | MS_MANDLOCK));
}

const struct err *fsstat_read(const struct kernel *k, const struct kpath *at, struct statfs *ret)
{
	uint64_t magic, flags;
	struct kmount mount;
	gva_t sb;

	memset(ret, 0, sizeof(*ret));
	TRY(kfield_ptr(k, at->mnt, F_vfsmount_sb, &sb));
	TRY(kfield_uint(k, sb, F_super_block_magic, &magic));
	TRY(kfield_uint(k, sb, F_super_block_flags, &flags));
	TRY(mount_read(k, kfield_container(k, at->mnt, F_mount_mnt), &mount));
	ret->f_type = (__fsword_t)magic;
	ret->f_bsize = ret->f_frsize = FRAME_BYTES;
	ret->f_namelen = NAME_BYTES_MAX;
	ret->f_flags = flags_of(mount.flags, flags);
	return ask(k, sb, ret);
}
