/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_procentry.h"
#include "transcall/kobj/procentry.h"

#include <string.h>

static struct fake_guest g;
static gva_t top;

static void set_up(void)
{
	fake_guest_init(&g);
	top = fake_procentry_init(&g);
}

static void check_names(const char *expected)
{
	struct rbtree_iter it;
	struct procentry e;
	char names[256] = "";

	CHECK_OK(procentry_iter_init(&it, &g.k, top));
	for (;;) {
		CHECK_OK(procentry_iter_next(&it, &g.k, &e));
		if (gva_is_null(e.at))
			break;
		strncat(names, e.name, sizeof(names) - strlen(names) - 2);
		strcat(names, " ");
	}
	CU_ASSERT_STRING_EQUAL(names, expected);
}

TEST(procentry, children_come_by_length_then_name)
{
	set_up();
	check_names("");
	fake_procentry_add(&g, top, "swaps", S_IFREG | 0444);
	fake_procentry_add(&g, top, "fs", S_IFDIR | 0555);
	fake_procentry_add(&g, top, "locks", S_IFREG | 0444);
	fake_procentry_add(&g, top, "interrupts", S_IFREG | 0444);
	check_names("fs locks swaps interrupts ");
}

TEST(procentry, a_child_is_found_with_all_it_says)
{
	struct procentry e;
	gva_t at;

	set_up();
	fake_procentry_add(&g, top, "locks", S_IFREG | 0444);
	at = fake_procentry_add(&g, top, "net", S_IFLNK | 0777);
	fake_set(&g, at, F_proc_dir_entry_uid, 7);
	fake_set(&g, at, F_proc_dir_entry_gid, 8);
	fake_set(&g, at, F_proc_dir_entry_data, 0x1234);
	CHECK_OK(procentry_find(&g.k, top, "net", &e));
	CU_ASSERT_EQUAL(e.at.v, at.v);
	CU_ASSERT_EQUAL(e.mode, S_IFLNK | 0777);
	CU_ASSERT_EQUAL(e.uid, 7);
	CU_ASSERT_EQUAL(e.gid, 8);
	CU_ASSERT_EQUAL(e.link_count, 1);
	CU_ASSERT_EQUAL(e.data.v, 0x1234);
	CHECK_ERR(procentry_find(&g.k, top, "nets", &e), ERR_ABSENT);
	CHECK_ERR(procentry_find(&g.k, top, "ne", &e), ERR_ABSENT);
}

/* A node that is its own child: neither the search nor the walk goes on for ever. */
TEST(procentry, a_tree_without_end_is_a_race)
{
	gva_t at, node;
	struct rbtree_iter it;
	struct procentry e;

	set_up();
	at = fake_procentry_add(&g, top, "locks", S_IFREG | 0444);
	node = kfield_at(&g.k, at, F_proc_dir_entry_subdir_node);
	fake_set(&g, node, F_rb_node_left, node.v);
	fake_set(&g, node, F_rb_node_right, node.v);
	CHECK_ERR(procentry_find(&g.k, top, "net", &e), ERR_RACE);
	CHECK_ERR(procentry_iter_init(&it, &g.k, top), ERR_RACE);
}

TEST(procentry, pointers_to_nowhere_are_faults)
{
	struct procentry e;
	gva_t at;

	set_up();
	at = fake_procentry_add(&g, top, "locks", S_IFREG | 0444);
	fake_set(&g, at, F_proc_dir_entry_name, 0x1000);
	CHECK_ERR(procentry_find(&g.k, top, "locks", &e), ERR_FAULT);
	CHECK_ERR(procentry_read(&g.k, gva(0x1000), &e), ERR_FAULT);
	fake_set(&g, top, F_proc_dir_entry_subdir, 0x1000);
	CHECK_ERR(procentry_find(&g.k, top, "locks", &e), ERR_FAULT);
}
