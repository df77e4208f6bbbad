/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"

#include <string.h>

#include "tests/unit/kobj/fake_knode.h"
#include "tests/unit/kobj/fake_members.h"

static struct fake_guest g;
static gva_t top, a, b;
static char path[KNODE_PATH_BYTES];

/* /a/b and /c */
static void set_up(void)
{
	fake_guest_init(&g);
	fake_knode_init(&g);
	top = fake_knode_add(&g, gva(0), "", KNODE_DIR);
	a = fake_knode_add(&g, top, "a", KNODE_DIR);
	b = fake_knode_add(&g, a, "b", KNODE_DIR);
	fake_knode_add(&g, top, "c", KNODE_FILE);
}

TEST(knode, says_what_it_is)
{
	struct knode node;
	uint32_t uid, gid;

	set_up();
	fake_set(&g, b, F_kernfs_node_id, UINT64_C(0x100000007));
	fake_set(&g, b, F_kernfs_node_priv, 0x1234);
	CHECK_OK(knode_read(&g.k, b, &node));
	CU_ASSERT_EQUAL(node.type, KNODE_DIR);
	CU_ASSERT_EQUAL(node.mode, 0755);
	CU_ASSERT_EQUAL(node.id, UINT64_C(0x100000007));
	CU_ASSERT_EQUAL(node.private.v, 0x1234);
	CU_ASSERT(node.active);
	CHECK_OK(knode_owner(&g.k, b, &uid, &gid));
	CU_ASSERT(uid == 0 && gid == 0);
	fake_set(&g, b, F_kernfs_node_active, UINT32_C(0x80000001)); /* KN_DEACTIVATED_BIAS */
	fake_set(&g, b, F_kernfs_node_flags, 0x10 | KNODE_LINK);
	CHECK_OK(knode_read(&g.k, b, &node));
	CU_ASSERT(!node.active);
	CU_ASSERT_EQUAL(node.type, KNODE_LINK);
}

TEST(knode, may_be_somebodys)
{
	gva_t attributes;
	uint32_t uid, gid;

	set_up();
	attributes = fake_object(&g);
	fake_set(&g, attributes, F_kernfs_iattrs_uid, 1000);
	fake_set(&g, attributes, F_kernfs_iattrs_gid, 100);
	fake_set(&g, b, F_kernfs_node_iattr, attributes.v);
	CHECK_OK(knode_owner(&g.k, b, &uid, &gid));
	CU_ASSERT(uid == 1000 && gid == 100);
}

TEST(knode, of_no_type_is_a_race)
{
	struct knode node;

	set_up();
	fake_set(&g, b, F_kernfs_node_flags, 3);
	CHECK_ERR(knode_read(&g.k, b, &node), ERR_RACE);
}

TEST(knode, children_come_in_the_order_of_the_tree)
{
	char name[KNODE_NAME_BYTES];
	struct rbtree_iter it;
	struct knode node;

	set_up();
	CHECK_OK(knode_children_init(&it, &g.k, top));
	CHECK_OK(knode_children_next(&it, &g.k, &node));
	CU_ASSERT_EQUAL(node.at.v, a.v);
	CHECK_OK(knode_children_next(&it, &g.k, &node));
	CHECK_OK(knode_name(&g.k, node.at, name));
	CU_ASSERT_STRING_EQUAL(name, "c");
	CU_ASSERT_EQUAL(node.type, KNODE_FILE);
	CHECK_OK(knode_children_next(&it, &g.k, &node));
	CU_ASSERT(gva_is_null(node.at));
}

TEST(knode, paths_go_up_and_down)
{
	gva_t d;

	set_up();
	d = fake_knode_add(&g, top, "d", KNODE_DIR);
	CHECK_OK(knode_path(&g.k, b, top, path));
	CU_ASSERT_STRING_EQUAL(path, "/a/b");
	CHECK_OK(knode_path(&g.k, b, d, path));
	CU_ASSERT_STRING_EQUAL(path, "/../a/b");
	CHECK_OK(knode_path(&g.k, top, b, path));
	CU_ASSERT_STRING_EQUAL(path, "/../..");
	CHECK_OK(knode_path(&g.k, b, b, path));
	CU_ASSERT_STRING_EQUAL(path, "/");
	fake_set(&g, b, F_kernfs_node_parent, b.v);
	CHECK_ERR(knode_path(&g.k, b, top, path), ERR_RACE);
}

/* The array of numbers has @b alone, under its low half. */
static void number(uint64_t low)
{
	gva_t root = fake_object(&g), array = fake_alloc(&g, 40 + 8 * 64, 64);

	fake_field(&g, F_xa_node_shift, 0, 1);
	fake_field(&g, F_xa_node_slots, 40, 8 * 64);
	fake_set(&g, top, F_kernfs_node_root, root.v);
	fake_set(&g, root, F_kernfs_root_ids, array.v + 2); /* xa_mk_node() */
	fake_u64(&g, gva_add(array, 40 + 8 * low), b.v);
}

TEST(knode, directories_are_found_by_number_while_they_are_there)
{
	const uint64_t id = UINT64_C(0x100000007);
	struct knode node;

	set_up();
	number(7);
	fake_set(&g, b, F_kernfs_node_id, id);
	CHECK_OK(knode_by_id(&g.k, top, id, &node));
	CU_ASSERT_EQUAL(node.at.v, b.v);
	CHECK_ERR(knode_by_id(&g.k, top, 7, &node), ERR_ABSENT); /* of an earlier generation */
	CHECK_ERR(knode_by_id(&g.k, top, 8, &node), ERR_ABSENT);
	fake_set(&g, b, F_kernfs_node_active, UINT32_C(0x80000001));
	CHECK_ERR(knode_by_id(&g.k, top, id, &node), ERR_ABSENT);
	fake_set(&g, b, F_kernfs_node_active, 0);
	fake_set(&g, b, F_kernfs_node_flags, KNODE_FILE);
	CHECK_ERR(knode_by_id(&g.k, top, id, &node), ERR_ABSENT);
}
