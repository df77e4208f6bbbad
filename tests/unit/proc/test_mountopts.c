/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/magic.h>
#include <stdlib.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/proc/mountopts.h"

static struct fake_guest g;
static gva_t sb, op, info;

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_super_block_flags, 0, 8},
	{F_super_block_magic, 8, 8},
	{F_super_block_op, 16, 8},
	{F_super_block_fs_info, 24, 8},
	{F_super_operations_show_options, 8, 8},
	{F_shmem_sb_info_max_blocks, 0, 8},
	{F_shmem_sb_info_max_inodes, 8, 8},
	{F_shmem_sb_info_mode, 16, 2},
	{F_shmem_sb_info_uid, 20, 4},
	{F_shmem_sb_info_gid, 24, 4},
	{F_shmem_sb_info_full_inums, 28, 1},
	{F_shmem_sb_info_huge, 29, 1},
	{F_shmem_sb_info_mpol, 32, 8},
	{F_proc_fs_info_pid_gid, 0, 4},
	{F_proc_fs_info_hide_pid, 4, 4},
	{F_proc_fs_info_pidonly, 8, 4},
};

static void set_up(uint64_t magic)
{
	fake_guest_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, members[i].size);
	fake_variable(&g, S__totalram_pages, 100000);
	sb = fake_alloc(&g, 64, 8);
	op = fake_alloc(&g, 64, 8);
	info = fake_alloc(&g, 64, 8);
	fake_set(&g, sb, F_super_block_magic, magic);
	fake_set(&g, sb, F_super_block_op, op.v);
	fake_set(&g, sb, F_super_block_fs_info, info.v);
	fake_set(&g, op, F_super_operations_show_options, 1);
}

static void expect(const char *expected)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	CHECK_OK(mountopts_own(&g.k, sb, f));
	fclose(f);
	CU_ASSERT_STRING_EQUAL(out, expected);
	free(out);
}

static void expect_error(enum err_kind kind)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	CHECK_ERR(mountopts_own(&g.k, sb, f), kind);
	fclose(f);
	free(out);
}

TEST(mountopts, tmpfs_shows_what_is_not_the_default)
{
	set_up(TMPFS_MAGIC);
	fake_set(&g, info, F_shmem_sb_info_max_blocks, 50000);
	fake_set(&g, info, F_shmem_sb_info_max_inodes, 50000);
	fake_set(&g, info, F_shmem_sb_info_mode, 01777);
	fake_set(&g, info, F_shmem_sb_info_full_inums, 1);
	expect(",inode64");
	fake_set(&g, info, F_shmem_sb_info_max_blocks, 256);
	fake_set(&g, info, F_shmem_sb_info_max_inodes, 7);
	fake_set(&g, info, F_shmem_sb_info_mode, 0755);
	fake_set(&g, info, F_shmem_sb_info_uid, 1000);
	fake_set(&g, info, F_shmem_sb_info_huge, 2);
	expect(",size=1024k,nr_inodes=7,mode=755,uid=1000,inode64,huge=within_size");
	fake_set(&g, info, F_shmem_sb_info_huge, 77); /* no such policy */
	expect(",size=1024k,nr_inodes=7,mode=755,uid=1000,inode64");
}

TEST(mountopts, proc_shows_whom_it_hides)
{
	set_up(PROC_SUPER_MAGIC);
	expect("");
	fake_set(&g, info, F_proc_fs_info_hide_pid, 2);
	fake_set(&g, info, F_proc_fs_info_pid_gid, 4);
	fake_set(&g, info, F_proc_fs_info_pidonly, 1);
	expect(",gid=4,hidepid=invisible,subset=pid");
	fake_set(&g, info, F_proc_fs_info_hide_pid, 3);
	expect(",gid=4,hidepid=unknown,subset=pid");
}

static gva_t hierarchy;

/* A hierarchy of one subsystem, memory, that has number 1. */
static void set_up_cgroup1(void)
{
	gva_t list, names = fake_symbol(&g, S_cgroup_subsys, 64), subsystem = fake_object(&g);

	FAKE_MEMBERS(&g, {F_cgroup_root_list, 16}, {F_cgroup_root_hierarchy_id, 4},
		     {F_cgroup_root_subsys_mask, 4}, {F_cgroup_root_name, 64},
		     {F_cgroup_root_kf_root, 8}, {F_cgroup_root_flags, 4},
		     {F_cgroup_root_release_agent, 64}, {F_cgroup_root_cgrp, 256});
	fake_field(&g, F_cgroup_flags, 8, 8);
	fake_field(&g, F_kernfs_super_info_root, 8, 8);
	fake_field(&g, F_cgroup_subsys_legacy_name, 8, 8);
	fake_enumerator(&g, E_CGROUP_SUBSYS_COUNT, 2);
	fake_enumerator(&g, E_CGRP_ROOT_XATTR, 4);
	fake_enumerator(&g, E_CGRP_CPUSET_CLONE_CHILDREN, 1);
	fake_variable(&g, S_cgrp_dfl_visible, 0);
	fake_set(&g, subsystem, F_cgroup_subsys_legacy_name, fake_str(&g, "memory").v);
	fake_u64(&g, gva_add(names, 8), subsystem.v);
	list = fake_symbol(&g, S_cgroup_roots, 16);
	fake_list(&g, list);
	hierarchy = fake_object(&g);
	fake_list_add(&g, list, kfield_at(&g.k, hierarchy, F_cgroup_root_list));
	fake_set(&g, hierarchy, F_cgroup_root_subsys_mask, 2);
	fake_set(&g, hierarchy, F_cgroup_root_kf_root, 0x4000);
	fake_set(&g, info, F_kernfs_super_info_root, 0x4000);
}

TEST(mountopts, a_hierarchy_of_control_groups_shows_its_subsystems)
{
	set_up(CGROUP_SUPER_MAGIC);
	set_up_cgroup1();
	expect(",memory");
	fake_set(&g, hierarchy, F_cgroup_root_subsys_mask, 0);
	fake_set(&g, hierarchy, F_cgroup_root_flags, 4);
	fake_set(&g, kfield_at(&g.k, hierarchy, F_cgroup_root_cgrp), F_cgroup_flags, 2);
	fake_write(&g, kfield_at(&g.k, hierarchy, F_cgroup_root_name), "systemd", 8);
	fake_write(&g, kfield_at(&g.k, hierarchy, F_cgroup_root_release_agent), "/bin/a=b c", 11);
	expect(",xattr,release_agent=/bin/a=b\\040c,clone_children,name=systemd");
}

TEST(mountopts, a_hierarchy_that_is_not_there_is_a_race)
{
	set_up(CGROUP_SUPER_MAGIC);
	set_up_cgroup1();
	fake_set(&g, info, F_kernfs_super_info_root, 0x5000);
	expect_error(ERR_RACE);
}

static gva_t disk;

/* As Debian mounts its root: errors=remount-ro over a disk that says continue. */
static void set_up_ext4(void)
{
	set_up(EXT4_SUPER_MAGIC);
	FAKE_MEMBERS(&g, {F_ext4_sb_info_sb, 8}, {F_ext4_sb_info_es, 8},
		     {F_ext4_sb_info_sb_block, 8}, {F_ext4_sb_info_mount_opt, 4},
		     {F_ext4_sb_info_mount_opt2, 4}, {F_ext4_sb_info_def_mount_opt, 4},
		     {F_ext4_sb_info_def_mount_opt2, 4}, {F_ext4_sb_info_resuid, 4},
		     {F_ext4_sb_info_resgid, 4}, {F_ext4_sb_info_commit_interval, 8},
		     {F_ext4_sb_info_min_batch_time, 4}, {F_ext4_sb_info_max_batch_time, 4},
		     {F_ext4_sb_info_stripe, 8}, {F_ext4_sb_info_readahead, 4},
		     {F_ext4_sb_info_li_wait_mult, 4}, {F_ext4_sb_info_max_dir_size_kb, 4},
		     {F_ext4_sb_info_groups_count, 4}, {F_ext4_sb_info_jquota_fmt, 4},
		     {F_ext4_sb_info_qf_names, 24}, {F_ext4_sb_info_flags, 8},
		     {F_ext4_sb_info_dummy_policy, 8});
	FAKE_MEMBERS(&g, {F_ext4_super_block_errors, 2}, {F_ext4_super_block_def_resuid, 2},
		     {F_ext4_super_block_def_resgid, 2});
	info = fake_object(&g);
	disk = fake_object(&g);
	fake_set(&g, sb, F_super_block_fs_info, info.v);
	fake_set(&g, info, F_ext4_sb_info_sb, sb.v);
	fake_set(&g, info, F_ext4_sb_info_es, disk.v);
	fake_set(&g, info, F_ext4_sb_info_sb_block, 1);
	fake_set(&g, info, F_ext4_sb_info_mount_opt, 0x88000820);
	fake_set(&g, info, F_ext4_sb_info_def_mount_opt, 0x88000810);
	fake_set(&g, info, F_ext4_sb_info_commit_interval, 5 * 250);
	fake_set(&g, info, F_ext4_sb_info_max_batch_time, 15000);
	fake_set(&g, info, F_ext4_sb_info_readahead, 32);
	fake_set(&g, info, F_ext4_sb_info_li_wait_mult, 10);
	fake_set(&g, disk, F_ext4_super_block_errors, 1);
}

TEST(mountopts, ext4_shows_what_is_not_the_default)
{
	set_up_ext4();
	expect(",errors=remount-ro");
	fake_set(&g, disk, F_ext4_super_block_errors, 2);
	expect("");
	fake_set(&g, info, F_ext4_sb_info_mount_opt, 0x400c20); /* writeback, no delalloc */
	fake_set(&g, info, F_ext4_sb_info_commit_interval, 30 * 250);
	fake_set(&g, info, F_ext4_sb_info_stripe, 128);
	fake_set(&g, info, F_ext4_sb_info_resgid, 5);
	fake_set(&g, info, F_ext4_sb_info_mount_opt2, 0xc0);
	expect(",dioread_nolock,nodelalloc,noinit_itable,resgid=5,commit=30,stripe=128,"
	       "data=writeback,dax=inode,mb_optimize_scan=1");
}

TEST(mountopts, ext4_shows_where_quotas_are_kept)
{
	gva_t names;

	set_up_ext4();
	names = kfield_at(&g.k, info, F_ext4_sb_info_qf_names);
	fake_u64(&g, gva_add(names, 8), fake_str(&g, "aquota.group").v);
	fake_set(&g, info, F_ext4_sb_info_jquota_fmt, 4);
	expect(",errors=remount-ro,jqfmt=vfsv1,grpjquota=aquota.group");
	fake_set(&g, info, F_ext4_sb_info_jquota_fmt, 77); /* no such format */
	fake_u64(&g, gva_add(names, 8), 0);
	expect(",errors=remount-ro,jqfmt=");
	fake_u64(&g, gva_add(names, 8), 0x1000);
	expect_error(ERR_FAULT);
}

TEST(mountopts, ext4_shows_what_is_broken_where_the_kernel_does)
{
	set_up_ext4();
	fake_set(&g, info, F_ext4_sb_info_flags, 10);
	expect(",errors=remount-ro");
	fake_field(&g, F_ext4_super_block_def_resuid_hi, 64, 2);
	expect(",errors=remount-ro,emergency_ro,shutdown");
}

TEST(mountopts, of_what_only_looks_like_ext4_nothing_is_known)
{
	set_up_ext4();
	fake_set(&g, info, F_ext4_sb_info_sb, 0x1000);
	expect(MOUNTOPTS_UNKNOWN);
	fake_set(&g, info, F_ext4_sb_info_sb, info.v);
	expect(MOUNTOPTS_UNKNOWN);
	set_up(EXT4_SUPER_MAGIC); /* a profile without modules */
	expect(MOUNTOPTS_UNKNOWN);
}

TEST(mountopts, what_cannot_be_rebuilt_is_said)
{
	set_up(BTRFS_SUPER_MAGIC);
	expect(MOUNTOPTS_UNKNOWN);
	fake_set(&g, op, F_super_operations_show_options, 0);
	expect("");
}

TEST(mountopts, common_options_come_from_the_superblock)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	set_up(PROC_SUPER_MAGIC);
	fake_set(&g, sb, F_super_block_flags, 1 << 4 | 1 << 25);
	CHECK_OK(mountopts_common(&g.k, sb, f));
	fclose(f);
	CU_ASSERT_STRING_EQUAL(out, ",sync,lazytime");
	free(out);
}
