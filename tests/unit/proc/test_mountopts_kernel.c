/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options of file systems in which the kernel shows itself. */
#include <linux/magic.h>
#include <stdlib.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/proc/mountopts.h"

static struct fake_guest g;
static gva_t sb, info;

static void set_up(uint64_t magic)
{
	gva_t op;

	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_super_block_magic, 8}, {F_super_block_op, 8},
		     {F_super_block_fs_info, 8}, {F_super_operations_show_options, 8},
		     {F_debugfs_fs_info_uid, 4}, {F_debugfs_fs_info_gid, 4},
		     {F_debugfs_fs_info_mode, 2}, {F_hugetlbfs_sb_info_hstate, 8},
		     {F_hugetlbfs_sb_info_spool, 8}, {F_hugetlbfs_sb_info_uid, 4},
		     {F_hugetlbfs_sb_info_gid, 4}, {F_hugetlbfs_sb_info_mode, 2},
		     {F_hugetlbfs_sb_info_max_inodes, 8}, {F_hstate_order, 4},
		     {F_hugepage_subpool_max, 8}, {F_hugepage_subpool_min, 8});
	sb = fake_object(&g);
	info = fake_object(&g);
	op = fake_object(&g);
	fake_set(&g, sb, F_super_block_magic, magic);
	fake_set(&g, sb, F_super_block_op, op.v);
	fake_set(&g, sb, F_super_block_fs_info, info.v);
	fake_set(&g, op, F_super_operations_show_options, 1);
}

static const struct err *show(char **ret)
{
	size_t len;
	FILE *f = open_memstream(ret, &len);
	const struct err *e = mountopts_own(&g.k, sb, f);

	fclose(f);
	return e;
}

static void expect(const char *expected)
{
	char *out = NULL;

	CHECK_OK(show(&out));
	CU_ASSERT_STRING_EQUAL(out, expected);
	free(out);
}

TEST(mountopts_kernel, debugfs_shows_what_is_not_the_default)
{
	set_up(DEBUGFS_MAGIC);
	fake_set(&g, info, F_debugfs_fs_info_mode, 0700);
	expect("");
	fake_set(&g, info, F_debugfs_fs_info_mode, 0755);
	fake_set(&g, info, F_debugfs_fs_info_gid, 4);
	expect(",gid=4,mode=755");
}

TEST(mountopts_kernel, hugetlbfs_shows_its_pages_and_limits)
{
	gva_t hstate, pool;

	set_up(HUGETLBFS_MAGIC);
	hstate = fake_object(&g);
	pool = fake_object(&g);
	fake_set(&g, info, F_hugetlbfs_sb_info_mode, 0755);
	fake_set(&g, info, F_hugetlbfs_sb_info_max_inodes, UINT64_MAX);
	fake_set(&g, info, F_hugetlbfs_sb_info_hstate, hstate.v);
	fake_set(&g, hstate, F_hstate_order, 9);
	expect(",pagesize=2M");
	fake_set(&g, info, F_hugetlbfs_sb_info_spool, pool.v);
	fake_set(&g, pool, F_hugepage_subpool_max, 3);
	fake_set(&g, pool, F_hugepage_subpool_min, UINT64_MAX);
	fake_set(&g, info, F_hugetlbfs_sb_info_max_inodes, 7);
	expect(",nr_inodes=7,pagesize=2M,size=6291456");
}

TEST(mountopts_kernel, a_size_that_cannot_be_is_a_race)
{
	char *out = NULL;
	gva_t hstate;

	set_up(HUGETLBFS_MAGIC);
	hstate = fake_object(&g);
	fake_set(&g, info, F_hugetlbfs_sb_info_hstate, hstate.v);
	fake_set(&g, hstate, F_hstate_order, 64);
	CHECK_ERR(show(&out), ERR_RACE);
	free(out);
}

TEST(mountopts_kernel, pstore_shows_how_much_it_keeps)
{
	set_up(PSTOREFS_MAGIC);
	expect(MOUNTOPTS_UNKNOWN); /* a kernel without that variable */
	fake_variable(&g, S_kmsg_bytes, 10240);
	expect("");
	fake_variable(&g, S_kmsg_bytes, 4096);
	expect(",kmsg_bytes=4096");
}

TEST(mountopts_kernel, without_its_module_s_types_nothing_is_known_of_autofs)
{
	set_up(AUTOFS_SUPER_MAGIC);
	expect(MOUNTOPTS_UNKNOWN);
}
