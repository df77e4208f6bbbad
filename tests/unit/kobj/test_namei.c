/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/inode.h"
#include "transcall/kobj/namei.h"

#include <string.h>

static struct fake_guest g;
static struct kpath root;

enum { DENTRY_BYTES = 96, MOUNT_BYTES = 160 };

static void declare(void)
{
	fake_field(&g, F_dentry_parent, 0, 8);
	fake_field(&g, F_dentry_name_len, 8, 4);
	fake_field(&g, F_dentry_name_text, 16, 8);
	fake_field(&g, F_dentry_inode, 24, 8);
	fake_field(&g, F_dentry_hash_pprev, 32, 8);
	fake_field(&g, F_dentry_children, 40, 16);
	fake_field(&g, F_dentry_sibling, 56, 16);
	fake_field(&g, F_inode_mode, 0, 2);
	fake_field(&g, F_inode_size, 8, 8);
	fake_field(&g, F_inode_link, 16, 8);
	fake_field(&g, F_mount_mnt, 32, 48);
	fake_field(&g, F_vfsmount_root, 0, 8);
	fake_field(&g, F_mount_parent, 0, 8);
	fake_field(&g, F_mount_mountpoint, 8, 8);
	fake_field(&g, F_mount_mounts, 96, 16);
	fake_field(&g, F_mount_child, 112, 16);
}

static gva_t new_inode(uint64_t mode, const char *link)
{
	gva_t inode = fake_alloc(&g, 64, 64);

	fake_set(&g, inode, F_inode_mode, mode);
	if (link) {
		fake_set(&g, inode, F_inode_size, strlen(link));
		fake_set(&g, inode, F_inode_link, fake_str(&g, link).v);
	}
	return inode;
}

static gva_t new_dentry(gva_t parent, const char *name, gva_t inode)
{
	gva_t d = fake_alloc(&g, DENTRY_BYTES, 64);

	fake_set(&g, d, F_dentry_parent, gva_is_null(parent) ? d.v : parent.v);
	fake_set(&g, d, F_dentry_name_len, strlen(name));
	fake_set(&g, d, F_dentry_name_text, fake_str(&g, name).v);
	fake_set(&g, d, F_dentry_inode, inode.v);
	fake_set(&g, d, F_dentry_hash_pprev, 1);
	fake_list(&g, kfield_at(&g.k, d, F_dentry_children));
	if (!gva_is_null(parent))
		fake_list_add(&g, kfield_at(&g.k, parent, F_dentry_children),
			      kfield_at(&g.k, d, F_dentry_sibling));
	return d;
}

/* A mount with a root directory, on @on (null: of itself). */
static struct kpath new_mount(const struct kpath *on)
{
	gva_t m = fake_alloc(&g, MOUNT_BYTES, 64);
	struct kpath top = {.mnt = kfield_at(&g.k, m, F_mount_mnt)};

	top.dentry = new_dentry(gva(0), "/", new_inode(S_IFDIR | 0755, NULL));
	fake_set(&g, top.mnt, F_vfsmount_root, top.dentry.v);
	fake_list(&g, kfield_at(&g.k, m, F_mount_mounts));
	fake_set(&g, m, F_mount_parent, m.v);
	if (on) {
		gva_t parent = kfield_container(&g.k, on->mnt, F_mount_mnt);

		fake_set(&g, m, F_mount_parent, parent.v);
		fake_set(&g, m, F_mount_mountpoint, on->dentry.v);
		fake_list_add(&g, kfield_at(&g.k, parent, F_mount_mounts),
			      kfield_at(&g.k, m, F_mount_child));
	}
	return top;
}

static gva_t dir(gva_t parent, const char *name)
{
	return new_dentry(parent, name, new_inode(S_IFDIR | 0755, NULL));
}

static gva_t file(gva_t parent, const char *name)
{
	return new_dentry(parent, name, new_inode(S_IFREG | 0644, NULL));
}

static gva_t symlink_to(gva_t parent, const char *name, const char *text)
{
	return new_dentry(parent, name, new_inode(S_IFLNK | 0777, text));
}

static gva_t etc, passwd, usr, zone;

static void set_up(void)
{
	fake_guest_init(&g);
	declare();
	root = new_mount(NULL);
	etc = dir(root.dentry, "etc");
	passwd = file(etc, "passwd");
	usr = dir(root.dentry, "usr");
	zone = file(usr, "zone");
}

static const struct err *look(const char *path, bool follow, gva_t *ret)
{
	struct kpath at;

	TRY(namei_lookup(&g.k, &root, path, follow, &at));
	*ret = at.dentry;
	return NULL;
}

#define CHECK_AT(path, dentry)                                                                     \
	do {                                                                                       \
		gva_t found_ = {0};                                                                \
		CHECK_OK(look(path, true, &found_));                                               \
		CU_ASSERT_EQUAL(found_.v, (dentry).v);                                             \
	} while (0)

TEST(namei, walks_plain_paths)
{
	gva_t at;

	set_up();
	CHECK_AT("/etc/passwd", passwd);
	CHECK_AT("//etc/./passwd", passwd);
	CHECK_AT("/", root.dentry);
	CHECK_ERR(look("/etc/shadow", true, &at), ERR_ABSENT);
	CHECK_ERR(look("/etc/passw", true, &at), ERR_ABSENT);
}

TEST(namei, never_leaves_the_root)
{
	set_up();
	CHECK_AT("/../../etc/../usr/zone", zone);
}

TEST(namei, follows_links_of_both_kinds)
{
	gva_t at, link;

	set_up();
	link = symlink_to(etc, "localtime", "/usr/zone");
	symlink_to(etc, "relative", "../usr/zone");
	symlink_to(root.dentry, "u", "usr");
	CHECK_AT("/etc/localtime", zone);
	CHECK_AT("/etc/relative", zone);
	CHECK_AT("/u/zone", zone);
	CHECK_OK(look("/etc/localtime", false, &at));
	CU_ASSERT_EQUAL(at.v, link.v);
}

TEST(namei, gives_up_on_links_that_loop)
{
	gva_t at;

	set_up();
	symlink_to(etc, "a", "b");
	symlink_to(etc, "b", "a");
	symlink_to(etc, "self", "self/self");
	CHECK_ERR(look("/etc/a", true, &at), ERR_ABSENT);
	CHECK_ERR(look("/etc/self", true, &at), ERR_ABSENT);
}

TEST(namei, crosses_mounts_both_ways)
{
	set_up();
	struct kpath on = {.mnt = root.mnt, .dentry = dir(root.dentry, "run")};
	file(on.dentry, "hidden");
	struct kpath top = new_mount(&on);
	gva_t utmp = file(top.dentry, "utmp"), at;

	CHECK_AT("/run/utmp", utmp);
	CHECK_AT("/run", top.dentry);
	CHECK_AT("/run/../etc/passwd", passwd);
	CHECK_ERR(look("/run/hidden", true, &at), ERR_ABSENT);
	/* A second mount on the same place covers the first. */
	struct kpath over = new_mount(&top);
	gva_t newer = file(over.dentry, "utmp");
	CHECK_AT("/run/utmp", newer);
	CHECK_AT("/run/../etc/passwd", passwd);
}

TEST(namei, passes_over_deleted_and_negative_entries)
{
	gva_t deleted, negative, at;

	set_up();
	deleted = file(etc, "group");
	fake_set(&g, deleted, F_dentry_hash_pprev, 0);
	CHECK_ERR(look("/etc/group", true, &at), ERR_ABSENT);
	gva_t again = file(etc, "group");
	CHECK_AT("/etc/group", again);
	negative = new_dentry(etc, "gone", gva(0));
	(void)negative;
	CHECK_ERR(look("/etc/gone", true, &at), ERR_ABSENT);
}

TEST(namei, ends_on_a_list_of_children_that_loops)
{
	gva_t at;

	set_up();
	gva_t link = kfield_at(&g.k, passwd, F_dentry_sibling);
	fake_u64(&g, link, link.v);
	CHECK_ERR(look("/etc/other", true, &at), ERR_RACE);
}

TEST(namei, reads_children_kept_in_an_hlist)
{
	gva_t at;

	set_up();
	fake_field(&g, F_dentry_children, 40, 8);
	fake_u64(&g, kfield_at(&g.k, passwd, F_dentry_sibling), 0);
	CHECK_AT("/etc/passwd", passwd);
	CHECK_ERR(look("/etc/other", true, &at), ERR_ABSENT);
}

TEST(namei, refuses_paths_that_are_too_long)
{
	char path[DPATH_BYTES + 1];
	gva_t at;

	set_up();
	memset(path, '/', sizeof(path));
	path[sizeof(path) - 1] = 0;
	CHECK_ERR(look(path, true, &at), ERR_ABSENT);
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[300] = 0;
	CHECK_ERR(look(path, true, &at), ERR_ABSENT);
}
