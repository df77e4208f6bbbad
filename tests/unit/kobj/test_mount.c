/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/magic.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_fs.h"
#include "transcall/kobj/mount.h"

static struct fake_guest g;
static gva_t task, ns, sb, root, nested;

static void set_up(void)
{
	gva_t proxy;

	fake_guest_init(&g);
	fake_fs_init(&g);
	fake_field(&g, F_task_struct_nsproxy, 8, 8);
	fake_field(&g, F_nsproxy_mnt, 16, 8);
	fake_field(&g, F_mnt_namespace_list, 32, 16);
	task = fake_alloc(&g, 64, 8);
	proxy = fake_alloc(&g, 64, 8);
	ns = fake_alloc(&g, 64, 8);
	fake_set(&g, task, F_task_struct_nsproxy, proxy.v);
	fake_set(&g, proxy, F_nsproxy_mnt, ns.v);
	fake_list(&g, kfield_at(&g.k, ns, F_mnt_namespace_list));
	sb = fake_sb(&g, EXT4_SUPER_MAGIC, 8, 1);
	root = fake_mount(&g, sb, gva(0), fake_sb_root(&g, sb), 20);
	nested = fake_mount(&g, fake_sb(&g, TMPFS_MAGIC, 0, 30), root,
			    fake_dentry(&g, fake_sb_root(&g, sb), sb, "tmp", gva(0)), 21);
}

static void mount_add(gva_t mnt)
{
	fake_list_add(&g, kfield_at(&g.k, ns, F_mnt_namespace_list),
		      kfield_at(&g.k, fake_mount_of(&g, mnt), F_mount_list));
}

TEST(mount, lists_are_walked_past_cursors)
{
	gva_t cursor, at;
	struct mount_iter it;

	set_up();
	cursor = fake_mount(&g, sb, gva(0), gva(0), 0);
	fake_set(&g, cursor, F_vfsmount_flags, 0x10000000);
	mount_add(root);
	mount_add(cursor);
	mount_add(nested);
	CHECK_OK(mount_iter_init(&it, &g.k, task));
	CHECK_OK(mount_iter_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, fake_mount_of(&g, root).v);
	CHECK_OK(mount_iter_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, fake_mount_of(&g, nested).v);
	CHECK_OK(mount_iter_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(mount, of_a_task_without_namespaces_are_absent)
{
	struct mount_iter it;

	set_up();
	fake_set(&g, task, F_task_struct_nsproxy, 0);
	CHECK_ERR(mount_iter_init(&it, &g.k, task), ERR_ABSENT);
}

TEST(mount, shows_ids_flags_and_propagation)
{
	struct kmount m;
	gva_t master;

	set_up();
	master = fake_mount_of(&g, root);
	fake_set(&g, master, F_mount_group_id, 5);
	fake_set(&g, fake_mount_of(&g, nested), F_mount_master, master.v);
	fake_set(&g, nested, F_vfsmount_flags, 0x1000 | MOUNT_NOSUID | MOUNT_READONLY);
	CHECK_OK(mount_read(&g.k, fake_mount_of(&g, nested), &m));
	CU_ASSERT_EQUAL(m.id, 21);
	CU_ASSERT_EQUAL(m.parent_id, 20);
	CU_ASSERT_EQUAL(m.master_group, 5);
	CU_ASSERT_TRUE(m.shared);
	CU_ASSERT_FALSE(m.unbindable);
	CU_ASSERT_FALSE(m.idmapped);
	CU_ASSERT_EQUAL(m.flags & 0xff, MOUNT_NOSUID | MOUNT_READONLY);
	/* since 6.17 */
	fake_field(&g, F_mount_t_flags, 132, 4);
	fake_set(&g, fake_mount_of(&g, nested), F_mount_t_flags, 2);
	CHECK_OK(mount_read(&g.k, fake_mount_of(&g, nested), &m));
	CU_ASSERT_FALSE(m.shared);
	CU_ASSERT_TRUE(m.unbindable);
}

TEST(mount, id_maps_are_told_both_ways)
{
	struct kmount m;

	set_up();
	fake_field(&g, F_vfsmount_userns, 24, 8);
	g.p.fields[F_mount_devname].offset_bytes = 140; /* vfsmount has grown into it */
	fake_set(&g, nested, F_vfsmount_userns, 7);
	CHECK_OK(mount_read(&g.k, fake_mount_of(&g, nested), &m));
	CU_ASSERT_TRUE(m.idmapped);
	fake_set(&g, nested, F_vfsmount_userns, 0); /* as the superblock's */
	CHECK_OK(mount_read(&g.k, fake_mount_of(&g, nested), &m));
	CU_ASSERT_FALSE(m.idmapped);
	fake_field(&g, F_vfsmount_idmap, 24, 8);
	fake_symbol_at(&g, S_nop_mnt_idmap, gva(99));
	CHECK_OK(mount_read(&g.k, fake_mount_of(&g, nested), &m));
	CU_ASSERT_TRUE(m.idmapped);
	fake_set(&g, nested, F_vfsmount_idmap, 99);
	CHECK_OK(mount_read(&g.k, fake_mount_of(&g, nested), &m));
	CU_ASSERT_FALSE(m.idmapped);
}

TEST(mount, the_dominating_group_is_one_that_the_reader_reaches)
{
	struct kpath top;
	gva_t slave, hidden;
	int32_t id;

	set_up();
	top = (struct kpath){root, fake_sb_root(&g, sb)};
	slave = fake_mount_of(&g, nested);
	hidden = fake_mount_of(&g, fake_mount(&g, sb, gva(0), gva(0), 22));
	fake_set(&g, slave, F_mount_ns, ns.v);
	fake_set(&g, fake_mount_of(&g, root), F_mount_ns, ns.v);
	fake_set(&g, fake_mount_of(&g, root), F_mount_group_id, 9);
	CHECK_OK(mount_dominating_id(&g.k, slave, &top, &id));
	CU_ASSERT_EQUAL(id, 0);
	fake_set(&g, slave, F_mount_master, hidden.v); /* of another namespace */
	CHECK_OK(mount_dominating_id(&g.k, slave, &top, &id));
	CU_ASSERT_EQUAL(id, 0);
	fake_set(&g, hidden, F_mount_master, fake_mount_of(&g, root).v);
	CHECK_OK(mount_dominating_id(&g.k, slave, &top, &id));
	CU_ASSERT_EQUAL(id, 9);
	fake_set(&g, hidden, F_mount_master, hidden.v);
	CHECK_ERR(mount_dominating_id(&g.k, slave, &top, &id), ERR_RACE);
}
