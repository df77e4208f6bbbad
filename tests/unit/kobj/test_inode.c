/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/magic.h>
#include <sys/sysmacros.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_fs.h"
#include "transcall/kobj/inode.h"

static struct fake_guest g;
static gva_t sb, inode;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_fs_init(&g);
	sb = fake_sb(&g, TMPFS_MAGIC, 259, 70000);
	inode = fake_inode(&g, sb, UINT64_C(0x123456789a), S_IFCHR | 0640);
	fake_set(&g, inode, F_inode_uid, 1000);
	fake_set(&g, inode, F_inode_gid, 1001);
	fake_set(&g, inode, F_inode_nlink, 3);
	fake_set(&g, inode, F_inode_rdev, 5 << 20 | 1);
	fake_set(&g, inode, F_inode_size, 123456);
	fake_set(&g, inode, F_inode_blkbits, 12);
	fake_set(&g, inode, F_inode_blocks, 248);
	fake_set(&g, inode, F_inode_atime_sec, 1700000000);
	fake_set(&g, inode, F_inode_mtime_sec, (uint64_t)-1);
	fake_set(&g, inode, F_inode_ctime_sec, 1700000002);
}

TEST(inode, stat_shows_each_member)
{
	struct stat st;

	set_up();
	CHECK_OK(inode_stat(&g.k, inode, &st));
	CU_ASSERT_EQUAL(st.st_dev, makedev(259, 70000));
	CU_ASSERT_EQUAL(st.st_ino, UINT64_C(0x123456789a));
	CU_ASSERT_EQUAL(st.st_mode, S_IFCHR | 0640);
	CU_ASSERT_EQUAL(st.st_uid, 1000);
	CU_ASSERT_EQUAL(st.st_gid, 1001);
	CU_ASSERT_EQUAL(st.st_nlink, 3);
	CU_ASSERT_EQUAL(st.st_rdev, makedev(5, 1));
	CU_ASSERT_EQUAL(st.st_size, 123456);
	CU_ASSERT_EQUAL(st.st_blksize, 4096);
	CU_ASSERT_EQUAL(st.st_blocks, 248);
	CU_ASSERT_EQUAL(st.st_atim.tv_sec, 1700000000);
	CU_ASSERT_EQUAL(st.st_mtim.tv_sec, -1);
	CU_ASSERT_EQUAL(st.st_ctim.tv_sec, 1700000002);
}

TEST(inode, sockets_are_on_the_device_of_their_mount)
{
	gva_t sockfs, mnt;
	dev_t dev;

	set_up();
	sockfs = fake_sb(&g, SOCKFS_MAGIC, 0, 8);
	mnt = fake_mount(&g, sockfs, gva(0), gva(0), 1);
	fake_variable(&g, S_sock_mnt, mnt.v);
	CHECK_OK(inode_socket_dev(&g.k, &dev));
	CU_ASSERT_EQUAL(dev, makedev(0, 8));
}

TEST(inode, a_mount_of_sockets_that_is_nowhere_is_a_fault)
{
	dev_t dev;

	set_up();
	fake_variable(&g, S_sock_mnt, 0xffff888fffff0000);
	CHECK_ERR(inode_socket_dev(&g.k, &dev), ERR_FAULT);
}

TEST(inode, the_mark_of_queried_timestamps_is_not_time)
{
	struct stat st;

	set_up();
	fake_set(&g, inode, F_inode_ctime_nsec, 0x80000000u | 999999999);
	CHECK_OK(inode_stat(&g.k, inode, &st));
	CU_ASSERT_EQUAL(st.st_ctim.tv_nsec, 999999999);
}

TEST(inode, pid_files_have_no_type)
{
	struct stat st;
	gva_t op;

	set_up();
	fake_symbol_at(&g, S_pidfs_getattr, gva(0xffffffff81234560));
	CHECK_OK(kfield_ptr(&g.k, inode, F_inode_op, &op));
	fake_set(&g, op, F_inode_operations_getattr, 0xffffffff81234560);
	CHECK_OK(inode_stat(&g.k, inode, &st));
	CU_ASSERT_EQUAL(st.st_mode, 0640);
}

TEST(inode, block_sizes_that_cannot_be_are_refused)
{
	struct stat st;

	set_up();
	fake_set(&g, inode, F_inode_blkbits, 64);
	CHECK_ERR(inode_stat(&g.k, inode, &st), ERR_RACE);
}

TEST(inode, a_negative_dentry_has_none)
{
	gva_t at;

	set_up();
	CHECK_ERR(inode_of_dentry(&g.k, fake_dentry(&g, gva(0), sb, "x", gva(0)), &at), ERR_ABSENT);
	CHECK_OK(inode_of_dentry(&g.k, fake_dentry(&g, gva(0), sb, "x", inode), &at));
	CU_ASSERT_EQUAL(at.v, inode.v);
}
