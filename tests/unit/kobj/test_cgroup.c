/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"

#include <string.h>

#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/cgroup.h"

static struct fake_guest g;
static struct cgroup_hierarchy v2;
static struct cgroup_place place;
static struct task t;
static gva_t reader, set, root_set, top;

static gva_t node_new(gva_t parent, const char *name)
{
	gva_t node = fake_object(&g);

	fake_set(&g, node, F_kernfs_node_parent, parent.v);
	fake_set(&g, node, F_kernfs_node_name, fake_str(&g, name).v);
	return node;
}

static gva_t group_new(gva_t node)
{
	gva_t group = fake_object(&g);

	fake_set(&g, group, F_cgroup_kn, node.v);
	fake_set(&g, group, F_cgroup_root_of, v2.at.v);
	fake_set(&g, group, F_cgroup_self_flags, 2);
	return group;
}

/* The default hierarchy; @t is in /a/b, the reader's namespace begins at its root. */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_cgroups, 8}, {F_task_struct_nsproxy, 8});
	FAKE_MEMBERS(&g, {F_nsproxy_cgroup, 8});
	FAKE_MEMBERS(&g, {F_cgroup_namespace_root_cset, 8});
	FAKE_MEMBERS(&g, {F_css_set_dfl_cgrp, 8}, {F_css_set_cgrp_links, 16});
	FAKE_MEMBERS(&g, {F_cgrp_cset_link_cgrp, 8}, {F_cgrp_cset_link_cgrp_link, 16});
	FAKE_MEMBERS(&g, {F_cgroup_kn, 8}, {F_cgroup_root_of, 8}, {F_cgroup_self_flags, 4});
	FAKE_MEMBERS(&g, {F_cgroup_root_cgrp, 64}, {F_cgroup_root_hierarchy_id, 4},
		     {F_cgroup_root_subsys_mask, 4}, {F_cgroup_root_name, 64},
		     {F_cgroup_root_list, 16});
	FAKE_MEMBERS(&g, {F_kernfs_node_parent, 8}, {F_kernfs_node_name, 8});
	fake_symbol(&g, S_init_css_set, FAKE_OBJECT_BYTES);
	v2 = (struct cgroup_hierarchy){.at = fake_object(&g), .is_default = true, .visible = true};
	t = (struct task){.at = fake_object(&g)};
	reader = fake_object(&g);
	set = fake_object(&g);
	root_set = fake_object(&g);
	gva_t proxy = fake_object(&g), ns = fake_object(&g);
	fake_set(&g, reader, F_task_struct_nsproxy, proxy.v);
	fake_set(&g, proxy, F_nsproxy_cgroup, ns.v);
	fake_set(&g, ns, F_cgroup_namespace_root_cset, root_set.v);
	fake_set(&g, t.at, F_task_struct_cgroups, set.v);
	top = node_new(gva(0), "");
	gva_t b = node_new(node_new(top, "a"), "b");
	fake_set(&g, set, F_css_set_dfl_cgrp, group_new(b).v);
	fake_set(&g, root_set, F_css_set_dfl_cgrp, group_new(top).v);
}

TEST(cgroup, path_begins_at_the_namespaces_root)
{
	set_up();
	CHECK_OK(cgroup_place_read(&g.k, &t, reader, &v2, &place));
	CU_ASSERT_STRING_EQUAL(place.path, "/a/b");
	CU_ASSERT(!place.dead);
	fake_set(&g, set, F_css_set_dfl_cgrp, group_new(top).v);
	CHECK_OK(cgroup_place_read(&g.k, &t, reader, &v2, &place));
	CU_ASSERT_STRING_EQUAL(place.path, "/");
}

TEST(cgroup, what_lies_beside_the_namespace_is_reached_upwards)
{
	set_up();
	gva_t c = node_new(node_new(top, "c"), "d");
	fake_set(&g, root_set, F_css_set_dfl_cgrp, group_new(c).v);
	CHECK_OK(cgroup_place_read(&g.k, &t, reader, &v2, &place));
	CU_ASSERT_STRING_EQUAL(place.path, "/../../a/b");
}

TEST(cgroup, a_removed_one_is_dead)
{
	set_up();
	gva_t group = group_new(node_new(top, "gone"));
	fake_set(&g, group, F_cgroup_self_flags, 0);
	fake_set(&g, set, F_css_set_dfl_cgrp, group.v);
	CHECK_OK(cgroup_place_read(&g.k, &t, reader, &v2, &place));
	CU_ASSERT_STRING_EQUAL(place.path, "/gone");
	CU_ASSERT(place.dead);
}

TEST(cgroup, a_node_above_itself_is_a_race)
{
	set_up();
	gva_t loop = node_new(top, "loop");
	fake_set(&g, loop, F_kernfs_node_parent, loop.v);
	fake_set(&g, set, F_css_set_dfl_cgrp, group_new(loop).v);
	CHECK_ERR(cgroup_place_read(&g.k, &t, reader, &v2, &place), ERR_RACE);
}

TEST(cgroup, a_path_too_long_is_absent)
{
	char name[256];
	gva_t node;

	set_up();
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	node = top;
	for (unsigned i = 0; i < CGROUP_PATH_BYTES / 256 + 1; i++)
		node = node_new(node, name);
	fake_set(&g, set, F_css_set_dfl_cgrp, group_new(node).v);
	CHECK_ERR(cgroup_place_read(&g.k, &t, reader, &v2, &place), ERR_ABSENT);
}

/* A version 1 hierarchy: the task's group is found through the set's links. */
TEST(cgroup, old_hierarchies_are_found_by_links)
{
	struct cgroup_hierarchy v1;

	set_up();
	v1 = (struct cgroup_hierarchy){.at = fake_object(&g), .visible = true};
	gva_t group = group_new(node_new(top, "x")), link = fake_object(&g);
	fake_list(&g, kfield_at(&g.k, set, F_css_set_cgrp_links));
	CHECK_OK(cgroup_place_read(&g.k, &t, reader, &v1, &place));
	CU_ASSERT(gva_is_null(place.at)); /* unmounted meanwhile */
	fake_set(&g, group, F_cgroup_root_of, v1.at.v);
	fake_set(&g, link, F_cgrp_cset_link_cgrp, group.v);
	fake_list_add(&g, kfield_at(&g.k, set, F_css_set_cgrp_links),
		      kfield_at(&g.k, link, F_cgrp_cset_link_cgrp_link));
	fake_symbol_at(&g, S_init_css_set, root_set); /* the reader is where all begin */
	fake_set(&g, kfield_at(&g.k, v1.at, F_cgroup_root_cgrp), F_cgroup_kn, top.v);
	CHECK_OK(cgroup_place_read(&g.k, &t, reader, &v1, &place));
	CU_ASSERT_STRING_EQUAL(place.path, "/x");
}

/* Until 5.15 the low bits say that there is no pointer, or that it holds no reference. */
TEST(cgroup, a_sockets_group_is_its_own_or_the_first)
{
	uint64_t id;

	set_up();
	FAKE_MEMBERS(&g, {F_sock_cgroup, 8});
	fake_field(&g, F_kernfs_node_id, 64, 8);
	gva_t sock = fake_object(&g), node = node_new(top, "web");
	fake_symbol(&g, S_cgrp_dfl_root, FAKE_OBJECT_BYTES);
	fake_set(&g, kfield_at(&g.k, kernel_symbol(&g.k, S_cgrp_dfl_root), F_cgroup_root_cgrp),
		 F_cgroup_kn, top.v);
	fake_set(&g, top, F_kernfs_node_id, 1);
	fake_set(&g, node, F_kernfs_node_id, 74);
	fake_set(&g, sock, F_sock_cgroup, group_new(node).v);
	CHECK_OK(cgroup_of_socket(&g.k, sock, &id));
	CU_ASSERT_EQUAL(id, 74);
	for (uint64_t v = 0; v < 4; v++) {
		fake_set(&g, sock, F_sock_cgroup, v);
		CHECK_OK(cgroup_of_socket(&g.k, sock, &id));
		CU_ASSERT_EQUAL(id, 1);
	}
}
