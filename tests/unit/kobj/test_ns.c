/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/magic.h>
#include <sys/sysmacros.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_fs.h"
#include "transcall/kobj/ns.h"

static struct fake_guest g;
static gva_t task, net, nsproxy;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_fs_init(&g);
	fake_field(&g, F_task_struct_nsproxy, 8, 8);
	fake_field(&g, F_nsproxy_net, 16, 8);
	fake_field(&g, F_net_inum, 40, 4);
	fake_field(&g, F_ns_common_inum, 16, 4);
	fake_field(&g, F_ns_common_stashed, 0, 8);
	task = fake_alloc(&g, 64, 8);
	nsproxy = fake_alloc(&g, 64, 8);
	net = fake_alloc(&g, 64, 8);
	fake_set(&g, task, F_task_struct_nsproxy, nsproxy.v);
	fake_set(&g, nsproxy, F_nsproxy_net, net.v);
	fake_set(&g, net, F_net_inum, 4026531840);
}

TEST(ns, is_found_by_the_name_of_its_entry)
{
	uint64_t number;
	gva_t at;

	set_up();
	CU_ASSERT_PTR_NULL(ns_find("nett"));
	CU_ASSERT_STRING_EQUAL(ns_kind_name(ns_find("time_for_children")), "time");
	CHECK_OK(ns_of_task(&g.k, task, ns_find("net"), &at));
	CU_ASSERT_EQUAL(at.v, net.v);
	CHECK_OK(ns_number(&g.k, at, ns_find("net"), &number));
	CU_ASSERT_EQUAL(number, 4026531840);
}

TEST(ns, of_a_dead_task_is_absent)
{
	gva_t at;

	set_up();
	fake_set(&g, nsproxy, F_nsproxy_net, 0);
	CHECK_ERR(ns_net_of_task(&g.k, task, &at), ERR_ABSENT);
	fake_set(&g, task, F_task_struct_nsproxy, 0);
	CHECK_ERR(ns_net_of_task(&g.k, task, &at), ERR_ABSENT);
}

TEST(ns, that_is_open_shows_its_inode)
{
	struct stat st;
	gva_t sb, dentry;

	set_up();
	sb = fake_sb(&g, NSFS_MAGIC, 0, 4);
	dentry = fake_dentry(&g, gva(0), sb, "", fake_inode(&g, sb, 4026531840, 0100444));
	fake_u64(&g, gva_add(net, 24), dentry.v); /* the ns_common begins 16 before its inum */
	CHECK_OK(ns_stat(&g.k, net, ns_find("net"), &st));
	CU_ASSERT_EQUAL(st.st_ino, 4026531840);
	CU_ASSERT_EQUAL(st.st_mode, S_IFREG | 0444);
	CU_ASSERT_EQUAL(st.st_dev, makedev(0, 4));
}
