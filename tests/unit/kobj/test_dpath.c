/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/magic.h>
#include <string.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_fs.h"

static struct fake_guest g;
static struct kpath root;
static gva_t disk, home, alice;
static char name[DPATH_BYTES];

/* "/" is a disk; "/home" is another one with the directory "alice" in it. */
static void set_up(void)
{
	gva_t point;

	fake_guest_init(&g);
	fake_fs_init(&g);
	disk = fake_sb(&g, EXT4_SUPER_MAGIC, 8, 1);
	root.dentry = fake_sb_root(&g, disk);
	root.mnt = fake_mount(&g, disk, gva(0), root.dentry, 20);
	point = fake_dentry(&g, root.dentry, disk, "home", gva(0));
	gva_t sb = fake_sb(&g, EXT4_SUPER_MAGIC, 8, 2);
	home = fake_mount(&g, sb, root.mnt, point, 21);
	alice = fake_dentry(&g, fake_sb_root(&g, sb), sb, "alice", gva(0));
}

static void expect(const struct kpath *from, struct kpath path, const char *expected)
{
	CHECK_OK(dpath_render(&g.k, from, &path, name, sizeof(name)));
	CU_ASSERT_STRING_EQUAL(name, expected);
}

TEST(dpath, crosses_mounts_up_to_the_root)
{
	set_up();
	expect(&root, root, "/");
	expect(&root, (struct kpath){home, alice}, "/home/alice");
}

TEST(dpath, is_relative_to_the_root_of_the_reader)
{
	struct kpath chroot;

	set_up();
	chroot = (struct kpath){home, fake_sb_root(&g, fake_sb(&g, 1, 9, 9))};
	expect(&chroot, (struct kpath){home, alice}, "/home/alice");
	CHECK_OK(kfield_ptr(&g.k, home, F_vfsmount_root, &chroot.dentry));
	expect(&chroot, (struct kpath){home, alice}, "/alice");
}

TEST(dpath, tells_what_was_removed)
{
	set_up();
	fake_unlink(&g, alice);
	expect(&root, (struct kpath){home, alice}, "/home/alice (deleted)");
}

TEST(dpath, what_is_not_below_the_root_is_told_so)
{
	struct kpath chroot = {0};
	bool below;

	set_up();
	chroot = (struct kpath){home, alice};
	CHECK_OK(dpath_render_below(&g.k, &chroot, &root, name, sizeof(name), &below));
	CU_ASSERT_FALSE(below);
	CHECK_OK(dpath_render_below(&g.k, &root, &chroot, name, sizeof(name), &below));
	CU_ASSERT_TRUE(below);
	CU_ASSERT_STRING_EQUAL(name, "/home/alice");
}

/* A directory outside the part of a file system that is mounted. */
TEST(dpath, escaped_paths_end_at_the_top_of_the_file_system)
{
	gva_t other;

	set_up();
	other = fake_dentry(&g, fake_dentry(&g, gva(0), disk, "top", gva(0)), disk, "lost", gva(0));
	expect(&root, (struct kpath){root.mnt, other}, "/");
}

TEST(dpath, dentries_have_a_name_within_their_file_system)
{
	set_up();
	CHECK_OK(dpath_render_dentry(&g.k, alice, name, sizeof(name)));
	CU_ASSERT_STRING_EQUAL(name, "/alice");
	fake_unlink(&g, alice);
	CHECK_OK(dpath_render_dentry(&g.k, alice, name, sizeof(name)));
	CU_ASSERT_STRING_EQUAL(name, "/alice//deleted");
}

static void expect_pseudo(uint64_t magic, const char *text, const char *expected)
{
	gva_t sb = fake_sb(&g, magic, 0, 9), dentry;

	dentry = fake_dentry(&g, gva(0), sb, text, fake_inode(&g, sb, 777, 0100600));
	fake_dname(&g, dentry);
	expect(&root, (struct kpath){fake_mount(&g, sb, gva(0), dentry, 30), dentry}, expected);
}

TEST(dpath, pseudo_files_have_the_names_their_kind_makes_up)
{
	set_up();
	expect_pseudo(PIPEFS_MAGIC, "", "pipe:[777]");
	expect_pseudo(SOCKFS_MAGIC, "TCP", "socket:[777]");
	expect_pseudo(ANON_INODE_FS_MAGIC, "[eventpoll]", "anon_inode:[eventpoll]");
	expect_pseudo(0x50494446, "", "anon_inode:[pidfd]");
	expect_pseudo(TMPFS_MAGIC, "memfd:x y", "/memfd:x y (deleted)");
}

TEST(dpath, a_circle_of_directories_ends_in_race)
{
	struct kpath path;
	gva_t a, b;

	set_up();
	a = fake_dentry(&g, root.dentry, disk, "a", gva(0));
	b = fake_dentry(&g, a, disk, "b", gva(0));
	fake_set(&g, a, F_dentry_parent, b.v);
	fake_set(&g, a, F_dentry_name_len, 0); /* so that the name does not grow too long before */
	fake_set(&g, b, F_dentry_name_len, 0);
	path = (struct kpath){root.mnt, b};
	const struct err *e = dpath_render(&g.k, &root, &path, name, sizeof(name));
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_EQUAL(e->kind, ERR_RACE);
	CHECK_ERR(dpath_render_dentry(&g.k, b, name, sizeof(name)), ERR_RACE);
	/* names that would soon be too long for any path */
	fake_set(&g, a, F_dentry_name_len, 1);
	fake_set(&g, b, F_dentry_name_len, 1);
	CHECK_ERR(dpath_render(&g.k, &root, &path, name, sizeof(name)), ERR_RACE);
}

TEST(dpath, a_circle_of_mounts_ends_in_race)
{
	struct kpath path;

	set_up();
	path = (struct kpath){home, fake_sb_root(&g, disk)};
	CHECK_OK(kfield_ptr(&g.k, home, F_vfsmount_root, &path.dentry));
	fake_set(&g, fake_mount_of(&g, root.mnt), F_mount_parent, fake_mount_of(&g, home).v);
	fake_set(&g, fake_mount_of(&g, root.mnt), F_mount_mountpoint, path.dentry.v);
	fake_set(&g, fake_mount_of(&g, home), F_mount_mountpoint, root.dentry.v);
	struct kpath nowhere = {gva(1), gva(1)};
	CHECK_ERR(dpath_render(&g.k, &nowhere, &path, name, sizeof(name)), ERR_RACE);
}

TEST(dpath, names_that_cannot_be_are_refused)
{
	struct kpath path;

	set_up();
	path = (struct kpath){home, alice};
	CHECK_ERR(dpath_render(&g.k, &root, &path, name, 5), ERR_ABSENT);
	fake_set(&g, alice, F_dentry_name_len, 256);
	CHECK_ERR(dpath_render(&g.k, &root, &path, name, sizeof(name)), ERR_RACE);
	fake_set(&g, alice, F_dentry_name_len, 5);
	fake_set(&g, alice, F_dentry_name_text, 8);
	CHECK_ERR(dpath_render(&g.k, &root, &path, name, sizeof(name)), ERR_FAULT);
}

TEST(dpath, longer_than_path_max_is_absent)
{
	struct kpath path;

	set_up();
	path = (struct kpath){root.mnt, root.dentry};
	char part[201];
	memset(part, 'x', 200);
	part[200] = 0;
	for (unsigned i = 0; i < 21; i++)
		path.dentry = fake_dentry(&g, path.dentry, disk, part, gva(0));
	CHECK_ERR(dpath_render(&g.k, &root, &path, name, sizeof(name)), ERR_ABSENT);
}
