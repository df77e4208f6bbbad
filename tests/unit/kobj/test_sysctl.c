/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/sysctl.h"

#include <string.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"

#define DIR  (S_IFDIR | 0555)
#define LINK (S_IFLNK | 0777)

static struct fake_guest g;
static struct sysctl_trees trees; /* of all; of one namespace, whose kind is root */
static gva_t root;

/* A struct ctl_dir begins with the header that makes it an entry of another one. */
static gva_t dir_new(void)
{
	return fake_object(&g);
}

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_ctl_table_header_node, 8}, {F_ctl_table_header_table, 8});
	fake_field(&g, F_ctl_dir_header, 0, 64);
	fake_field(&g, F_ctl_dir_header_root, 40, 8);
	fake_field(&g, F_ctl_dir_root, 64, 8);
	FAKE_MEMBERS(&g, {F_rb_node_left, 8}, {F_rb_node_right, 8});
	fake_field(&g, F_ctl_node_node, 0, 48);
	fake_field(&g, F_ctl_node_header, 48, 8);
	FAKE_MEMBERS(&g, {F_ctl_table_procname, 8}, {F_ctl_table_data, 8}, {F_ctl_table_maxlen, 4},
		     {F_ctl_table_mode, 2}, {F_ctl_table_proc_handler, 8});
	g.p.sizes[SIZE_ctl_node] = 64;
	g.p.sizes[SIZE_ctl_table] = 128;
	root = gva(0x1234);
	trees = (struct sysctl_trees){.all = dir_new(), .own = {dir_new()}, .own_count = 1};
	fake_set(&g, trees.own[0], F_ctl_dir_header_root, root.v);
}

/* An entry called @name, whose header is @header; its struct ctl_node. */
static gva_t entry_new(gva_t header, const char *name, unsigned mode, uint64_t data)
{
	gva_t node = fake_alloc(&g, 64, 64), table = fake_alloc(&g, 128, 64);

	fake_set(&g, header, F_ctl_table_header_node, node.v);
	fake_set(&g, header, F_ctl_table_header_table, table.v);
	fake_set(&g, node, F_ctl_node_header, header.v);
	fake_set(&g, table, F_ctl_table_procname, fake_str(&g, name).v);
	fake_set(&g, table, F_ctl_table_mode, mode);
	fake_set(&g, table, F_ctl_table_data, data);
	fake_set(&g, table, F_ctl_table_maxlen, 4);
	fake_set(&g, table, F_ctl_table_proc_handler, 0x77);
	return node;
}

static void file_in(gva_t dir, const char *name, unsigned mode, uint64_t data)
{
	fake_set(&g, dir, F_ctl_dir_root, entry_new(fake_object(&g), name, mode, data).v);
}

/* @name in @dir is the directory @sub. */
static gva_t dir_in(gva_t dir, const char *name)
{
	gva_t sub = dir_new();

	fake_set(&g, dir, F_ctl_dir_root, entry_new(sub, name, DIR, 0).v);
	return sub;
}

static const struct err *find(const char *path, struct sysctl_entry *ret)
{
	return sysctl_find(&g.k, &trees, path, ret);
}

TEST(sysctl, entries_are_found_by_path)
{
	struct sysctl_entry e;

	set_up();
	file_in(dir_in(trees.all, "kernel"), "pid_max", 0644, 0x99);
	CHECK_OK(find("", &e));
	CU_ASSERT_EQUAL(e.dir.v, trees.all.v);
	CHECK_OK(find("kernel", &e));
	CU_ASSERT_TRUE(S_ISDIR(e.mode) && !gva_is_null(e.dir));
	CHECK_OK(find("kernel/pid_max", &e));
	CU_ASSERT_EQUAL(e.mode, 0644);
	CU_ASSERT_EQUAL(e.data.v, 0x99);
	CU_ASSERT_EQUAL(e.max_len, 4);
	CU_ASSERT_TRUE(e.of_all && gva_is_null(e.dir));
	CHECK_ERR(find("kernel/pid_max/x", &e), ERR_ABSENT);
	CHECK_ERR(find("kernel/pid_ma", &e), ERR_ABSENT);
	CHECK_ERR(find("kernel/pid_max2", &e), ERR_ABSENT);
}

TEST(sysctl, a_link_leads_to_the_same_path_in_its_namespace)
{
	struct sysctl_entry e;
	gva_t net;

	set_up();
	net = dir_in(trees.all, "net");
	file_in(net, "ipv4", LINK, root.v);
	file_in(dir_in(dir_in(trees.own[0], "net"), "ipv4"), "tcp_mem", 0444, 0x55);
	CHECK_OK(find("net/ipv4/tcp_mem", &e));
	CU_ASSERT_EQUAL(e.data.v, 0x55);
	CU_ASSERT_FALSE(e.of_all);
	file_in(net, "ipv4", LINK, 0x4321); /* a kind that nobody has */
	CHECK_ERR(find("net/ipv4/tcp_mem", &e), ERR_ABSENT);
}

/* A link of a namespace's tree would lead there again. */
TEST(sysctl, links_to_links_end)
{
	struct sysctl_entry e;

	set_up();
	file_in(trees.all, "a", LINK, root.v);
	file_in(trees.own[0], "a", LINK, root.v);
	CHECK_OK(find("a", &e));
	CU_ASSERT_TRUE(gva_is_null(e.dir));
	CHECK_ERR(find("a/a", &e), ERR_ABSENT);
}

TEST(sysctl, a_directory_in_a_circle_is_a_race)
{
	char name[SYSCTL_NAME_BYTES];
	struct rbtree_iter it;
	struct sysctl_entry e;
	gva_t node;

	set_up();
	file_in(trees.all, "m", 0444, 0);
	CHECK_OK(kfield_ptr(&g.k, trees.all, F_ctl_dir_root, &node));
	fake_set(&g, node, F_rb_node_left, node.v);
	fake_set(&g, node, F_rb_node_right, node.v);
	CHECK_ERR(find("a", &e), ERR_RACE);
	CHECK_ERR(find("z", &e), ERR_RACE);
	CHECK_ERR(sysctl_iter_init(&it, &g.k, trees.all), ERR_RACE);
	fake_set(&g, node, F_rb_node_left, 0);
	CHECK_OK(sysctl_iter_init(&it, &g.k, trees.all));
	for (unsigned i = 0; i < 2 * RBTREE_DEPTH_MAX; i++) /* it goes on, one entry at a time */
		CHECK_OK(sysctl_iter_next(&it, &g.k, name));
	CU_ASSERT_STRING_EQUAL(name, "m");
}

TEST(sysctl, a_directory_within_itself_ends_with_the_path)
{
	struct sysctl_entry e;
	gva_t sub, node;

	set_up();
	sub = dir_in(trees.all, "a");
	CHECK_OK(kfield_ptr(&g.k, trees.all, F_ctl_dir_root, &node));
	fake_set(&g, sub, F_ctl_dir_root, node.v);
	CHECK_OK(find("a/a/a/a/a/a", &e));
	CU_ASSERT_EQUAL(e.dir.v, sub.v);
}

TEST(sysctl, nodes_belong_to_their_header)
{
	struct sysctl_entry e;
	gva_t node, header;

	set_up();
	file_in(trees.all, "m", 0444, 0);
	CHECK_OK(kfield_ptr(&g.k, trees.all, F_ctl_dir_root, &node));
	CHECK_OK(kfield_ptr(&g.k, node, F_ctl_node_header, &header));
	fake_set(&g, header, F_ctl_table_header_node, node.v + 64); /* before the first */
	CHECK_ERR(find("m", &e), ERR_RACE);
	fake_set(&g, header, F_ctl_table_header_node, 0);
	CHECK_ERR(find("m", &e), ERR_RACE);
	fake_set(&g, node, F_ctl_node_header, 8);
	CHECK_ERR(find("m", &e), ERR_FAULT);
}

TEST(sysctl, names_have_an_end)
{
	char name[SYSCTL_NAME_BYTES], text[512];
	struct rbtree_iter it;
	struct sysctl_entry e;

	set_up();
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	file_in(trees.all, text, 0444, 0);
	CHECK_OK(sysctl_iter_init(&it, &g.k, trees.all));
	CHECK_OK(sysctl_iter_next(&it, &g.k, name));
	CU_ASSERT_EQUAL(strlen(name), sizeof(name) - 1);
	CHECK_ERR(find(text, &e), ERR_ABSENT);
}

TEST(sysctl, one_who_has_ended_has_no_trees)
{
	gva_t task;

	set_up();
	fake_field(&g, F_task_struct_nsproxy, 8, 8);
	fake_field(&g, F_ctl_table_root_set_dir, 8, 128);
	fake_symbol(&g, S_sysctl_table_root, 256);
	task = fake_object(&g);
	CHECK_ERR(sysctl_trees_of_task(&g.k, task, &trees), ERR_ABSENT);
	fake_set(&g, task, F_task_struct_nsproxy, 8);
	CHECK_ERR(sysctl_trees_of_task(&g.k, task, &trees), ERR_ABSENT); /* no member net */
}
