/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File systems in numbers. Input: attacker-controlled. */
#include "transcall/kobj/fsstat.h"

#include <linux/magic.h>
#include <string.h>
#include <sys/mount.h>

#include "transcall/kobj/mount.h"
#include "transcall/kobj/percpu_counter.h"

#define HUGE_ORDER_MAX 40u
#define NAME_BYTES_MAX 255    /* NAME_MAX */
#define INODE_BYTES    1024   /* BOGO_INODE_SIZE, mm/shmem.c */
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

/* A number that the disk has in two halves of 32 bits. */
static const struct err *halves(const struct kernel *k, gva_t disk, enum field_id low,
				enum field_id high, uint64_t *ret)
{
	uint64_t upper;

	TRY(kfield_uint(k, disk, low, ret));
	TRY(kfield_uint(k, disk, high, &upper));
	*ret |= upper << 32;
	return NULL;
}

/* struct ext4_sb_info in numbers; clusters are of 1 << bits blocks. */
struct ext4_numbers {
	uint64_t block_bytes, blocks, reserved, inodes, free_inodes;
	uint64_t bits, overhead, kept, free, dirty; /* in clusters */
};

static const struct err *ext4_read(const struct kernel *k, gva_t info, struct ext4_numbers *n)
{
	gva_t disk;

	TRY(kfield_ptr(k, info, F_ext4_sb_info_es, &disk));
	TRY(halves(k, disk, F_ext4_super_block_blocks_count_lo, F_ext4_super_block_blocks_count_hi,
		   &n->blocks));
	TRY(halves(k, disk, F_ext4_super_block_r_blocks_count_lo,
		   F_ext4_super_block_r_blocks_count_hi, &n->reserved));
	TRY(kfield_uint(k, disk, F_ext4_super_block_inodes_count, &n->inodes));
	TRY(kfield_uint(k, info, F_ext4_sb_info_cluster_bits, &n->bits));
	TRY(kfield_uint(k, info, F_ext4_sb_info_overhead, &n->overhead));
	TRY(kfield_uint(k, info, F_ext4_sb_info_resv_clusters, &n->kept));
	TRY(percpu_counter_sum(k, kfield_at(k, info, F_ext4_sb_info_freeclusters), &n->free));
	TRY(percpu_counter_sum(k, kfield_at(k, info, F_ext4_sb_info_dirtyclusters), &n->dirty));
	return percpu_counter_sum(k, kfield_at(k, info, F_ext4_sb_info_freeinodes),
				  &n->free_inodes);
}

/* ext4_statfs(), fs/ext4/super.c, without limits of a project. */
static const struct err *ext4(const struct kernel *k, gva_t sb, struct statfs *ret)
{
	struct ext4_numbers n;
	uint64_t kept;
	gva_t info, of;

	TRY(kfield_ptr(k, sb, F_super_block_fs_info, &info));
	TRY(kfield_ptr(k, info, F_ext4_sb_info_sb, &of));
	if (!gva_equal(of, sb)) /* ext2 of its own module has the same magic */
		return ERR_AT(ERR_ABSENT, sb.v, "what the file system has free is not known");
	TRY(ext4_read(k, info, &n));
	TRY(kfield_uint(k, sb, F_super_block_blocksize, &n.block_bytes));
	if (n.bits > 32)
		return ERR_AT(ERR_RACE, info.v, "clusters of 2^%u blocks", (unsigned)n.bits);
	kept = n.reserved + (n.kept << n.bits);
	ret->f_bsize = ret->f_frsize = (__fsword_t)n.block_bytes;
	ret->f_blocks = n.blocks - (n.overhead << n.bits);
	ret->f_bfree = n.free < n.dirty ? 0 : (n.free - n.dirty) << n.bits;
	ret->f_bavail = ret->f_bfree < kept ? 0 : ret->f_bfree - kept;
	ret->f_files = n.inodes;
	ret->f_ffree = n.free_inodes;
	return NULL;
}

/* hugetlbfs_statfs(), fs/hugetlbfs/inode.c: without limits there is nothing to count. */
static const struct err *hugetlbfs(const struct kernel *k, gva_t sb, struct statfs *ret)
{
	uint64_t order, max, used, inodes, free;
	gva_t info, hstate, pool;

	TRY(kfield_ptr(k, sb, F_super_block_fs_info, &info));
	TRY(kfield_ptr(k, info, F_hugetlbfs_sb_info_hstate, &hstate));
	TRY(kfield_ptr(k, info, F_hugetlbfs_sb_info_spool, &pool));
	TRY(kfield_uint(k, hstate, F_hstate_order, &order));
	if (order > HUGE_ORDER_MAX)
		return ERR_AT(ERR_RACE, hstate.v, "huge pages of order %u", (unsigned)order);
	ret->f_bsize = ret->f_frsize = (__fsword_t)FRAME_BYTES << order;
	if (gva_is_null(pool))
		return NULL;
	TRY(kfield_uint(k, pool, F_hugepage_subpool_max, &max));
	TRY(kfield_uint(k, pool, F_hugepage_subpool_used, &used));
	TRY(kfield_uint(k, info, F_hugetlbfs_sb_info_max_inodes, &inodes));
	TRY(kfield_uint(k, info, F_hugetlbfs_sb_info_free_inodes, &free));
	ret->f_blocks = max;
	ret->f_bfree = ret->f_bavail = max - used;
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
	if (ret->f_type == EXT4_SUPER_MAGIC && profile_has(k->profile, F_ext4_sb_info_freeinodes))
		return ext4(k, sb, ret);
	if (ret->f_type == HUGETLBFS_MAGIC && profile_has(k->profile, F_hugepage_subpool_used))
		return hugetlbfs(k, sb, ret);
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
