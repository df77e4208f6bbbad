/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/fsstat.h"

#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_fs.h"

static struct fake_guest g;
static struct kpath root;
static gva_t sb, info;

/* A tmpfs, mounted. */
static void set_up(void)
{
	gva_t ops;

	fake_guest_init(&g);
	fake_fs_init(&g);
	fake_field(&g, F_super_block_op, 40, 8);
	fake_field(&g, F_super_operations_statfs, 8, 8);
	fake_field(&g, F_shmem_sb_info_max_blocks, 0, 8);
	fake_field(&g, F_shmem_sb_info_used_blocks, 8, 24);
	fake_field(&g, F_shmem_sb_info_max_inodes, 32, 8);
	fake_field(&g, F_shmem_sb_info_free_inodes, 40, 8);
	fake_field(&g, F_percpu_counter_count, 0, 8);
	fake_field(&g, F_percpu_counter_counters, 8, 8);
	fake_variable(&g, S___cpu_online_mask, 1);
	fake_symbol(&g, S_shmem_statfs, 16);
	fake_symbol(&g, S_simple_statfs, 16);
	fake_symbol(&g, S_kernfs_statfs, 16);
	sb = fake_sb(&g, TMPFS_MAGIC, 0, 20);
	root = (struct kpath){.mnt = fake_mount(&g, sb, gva(0), gva(0), 30),
			      .dentry = fake_sb_root(&g, sb)};
	info = fake_alloc(&g, 64, 8);
	ops = fake_alloc(&g, 64, 8);
	fake_set(&g, sb, F_super_block_fs_info, info.v);
	fake_set(&g, sb, F_super_block_op, ops.v);
	fake_set(&g, ops, F_super_operations_statfs, g.p.symbols[S_shmem_statfs]);
	fake_u64(&g, gva_add(info, 16), fake_alloc(&g, 64, 8).v);
}

static void handler_set(uint64_t function)
{
	gva_t ops;

	CHECK_OK(kfield_ptr(&g.k, sb, F_super_block_op, &ops));
	fake_set(&g, ops, F_super_operations_statfs, function);
}

TEST(fsstat, a_tmpfs_counts_blocks_and_inodes)
{
	struct statfs st;

	set_up();
	fake_set(&g, info, F_shmem_sb_info_max_blocks, 1000);
	fake_u64(&g, gva_add(info, 8), 300);
	fake_set(&g, info, F_shmem_sb_info_max_inodes, 50);
	fake_set(&g, info, F_shmem_sb_info_free_inodes, 20);
	CHECK_OK(fsstat_read(&g.k, &root, &st));
	CU_ASSERT_EQUAL(st.f_type, TMPFS_MAGIC);
	CU_ASSERT(st.f_blocks == 1000 && st.f_bfree == 700 && st.f_bavail == 700);
	CU_ASSERT(st.f_files == 50 && st.f_ffree == 20);
}

TEST(fsstat, free_inodes_may_be_counted_in_bytes)
{
	struct statfs st;

	set_up();
	fake_field(&g, F_shmem_sb_info_free_ispace, 48, 8);
	fake_set(&g, info, F_shmem_sb_info_max_inodes, 50);
	fake_set(&g, info, F_shmem_sb_info_free_ispace, 20 * 1024 + 1023);
	CHECK_OK(fsstat_read(&g.k, &root, &st));
	CU_ASSERT_EQUAL(st.f_ffree, 20);
	CU_ASSERT_EQUAL(st.f_blocks, 0); /* no limit: not told */
}

TEST(fsstat, more_used_than_there_is_leaves_nothing)
{
	struct statfs st;

	set_up();
	fake_set(&g, info, F_shmem_sb_info_max_blocks, 1000);
	fake_u64(&g, gva_add(info, 8), UINT64_MAX / 2);
	CHECK_OK(fsstat_read(&g.k, &root, &st));
	CU_ASSERT(st.f_bfree == 0 && st.f_bavail == 0);
	fake_u64(&g, gva_add(info, 8), UINT64_MAX); /* -1: nothing is used */
	CHECK_OK(fsstat_read(&g.k, &root, &st));
	CU_ASSERT_EQUAL(st.f_bfree, 1000);
}

TEST(fsstat, flags_are_those_of_mount_and_file_system)
{
	struct statfs st;

	set_up();
	fake_set(&g, sb, F_super_block_flags, MS_RDONLY | MS_SYNCHRONOUS | 1u << 30);
	fake_set(&g, root.mnt, F_vfsmount_flags, 1); /* MNT_NOSUID */
	CHECK_OK(fsstat_read(&g.k, &root, &st));
	CU_ASSERT_EQUAL(st.f_flags, 0x20 | MS_RDONLY | MS_SYNCHRONOUS | MS_NOSUID);
}

TEST(fsstat, who_asks_a_driver_gets_no_answer)
{
	struct statfs st;

	set_up();
	handler_set(g.p.symbols[S_simple_statfs]);
	CHECK_OK(fsstat_read(&g.k, &root, &st));
	CU_ASSERT_EQUAL(st.f_blocks, 0);
	handler_set(0x1234);
	CHECK_ERR(fsstat_read(&g.k, &root, &st), ERR_ABSENT);
	handler_set(0); /* a symbol that this kernel lacks is at 0, too */
	g.p.has_symbol[S_kernfs_statfs] = false;
	g.p.symbols[S_kernfs_statfs] = 0;
	CHECK_ERR(fsstat_read(&g.k, &root, &st), ERR_ABSENT);
}

TEST(fsstat, pointers_to_nowhere_are_faults)
{
	struct statfs st;

	set_up();
	fake_set(&g, sb, F_super_block_fs_info, 0);
	CHECK_ERR(fsstat_read(&g.k, &root, &st), ERR_FAULT);
	fake_set(&g, sb, F_super_block_op, 8);
	CHECK_ERR(fsstat_read(&g.k, &root, &st), ERR_FAULT);
	root.mnt = gva(0);
	CHECK_ERR(fsstat_read(&g.k, &root, &st), ERR_FAULT);
}

/* An ext4 of 1000 blocks in clusters of 2. */
static void set_up_ext4(void)
{
	static const struct {
		enum field_id id;
		uint32_t offset, size;
		uint64_t value;
	} members[] = {
		{F_ext4_sb_info_cluster_bits, 16, 4, 1},
		{F_ext4_sb_info_overhead, 24, 8, 10},
		{F_ext4_sb_info_resv_clusters, 32, 8, 5},
		{F_ext4_sb_info_freeclusters, 40, 24, 300},
		{F_ext4_sb_info_dirtyclusters, 64, 24, 20},
		{F_ext4_sb_info_freeinodes, 88, 24, 40},
		{F_ext4_super_block_blocks_count_lo, 128, 4, 1000},
		{F_ext4_super_block_blocks_count_hi, 132, 4, 0},
		{F_ext4_super_block_r_blocks_count_lo, 136, 4, 50},
		{F_ext4_super_block_r_blocks_count_hi, 140, 4, 0},
		{F_ext4_super_block_inodes_count, 144, 4, 100},
	};

	set_up();
	fake_field(&g, F_ext4_sb_info_sb, 0, 8);
	fake_field(&g, F_ext4_sb_info_es, 8, 8);
	fake_field(&g, F_super_block_blocksize, 48, 8);
	info = fake_alloc(&g, 256, 8);
	fake_set(&g, sb, F_super_block_magic, EXT4_SUPER_MAGIC);
	fake_set(&g, sb, F_super_block_fs_info, info.v);
	fake_set(&g, sb, F_super_block_blocksize, 1024);
	handler_set(0x1234);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		fake_field(&g, members[i].id, members[i].offset,
			   members[i].size == 24 ? 8 : members[i].size);
		fake_set(&g, info, members[i].id, members[i].value);
	}
	for (unsigned at = 40; at <= 88; at += 24) /* no CPU keeps a part */
		fake_u64(&g, gva_add(info, at + 8), fake_alloc(&g, 64, 8).v);
	fake_set(&g, info, F_ext4_sb_info_sb, sb.v);
	fake_set(&g, info, F_ext4_sb_info_es, info.v);
}

TEST(fsstat, ext4_counts_clusters)
{
	struct statfs st;

	set_up_ext4();
	CHECK_OK(fsstat_read(&g.k, &root, &st));
	CU_ASSERT(st.f_bsize == 1024 && st.f_blocks == 980);
	CU_ASSERT(st.f_bfree == 560 && st.f_bavail == 560 - 60);
	CU_ASSERT(st.f_files == 100 && st.f_ffree == 40);
	fake_set(&g, info, F_ext4_sb_info_cluster_bits, 64);
	CHECK_ERR(fsstat_read(&g.k, &root, &st), ERR_RACE);
}

TEST(fsstat, of_what_only_looks_like_ext4_nothing_is_known)
{
	struct statfs st;

	set_up_ext4();
	fake_set(&g, info, F_ext4_sb_info_sb, info.v);
	CHECK_ERR(fsstat_read(&g.k, &root, &st), ERR_ABSENT);
}
