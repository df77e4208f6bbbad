/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"

#include <string.h>

#include "tests/unit/kobj/fake_knode.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/proc/node.h"

static struct fake_guest g;
static struct proc_view view;
static gva_t net, class_net, lo;
static char names[256];

/* Devices of two network namespaces in /sys/class/net, and the reader in the first. */
static void set_up(void)
{
	gva_t top, proxy, devices, other;

	fake_guest_init(&g);
	fake_knode_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_nsproxy, 8});
	FAKE_MEMBERS(&g, {F_nsproxy_net, 8});
	FAKE_MEMBERS(&g, {F_net_ns, 24});
	view = (struct proc_view){.kernel = &g.k, .reader = fake_object(&g)};
	work_begin(&view.work);
	proxy = fake_object(&g);
	net = fake_object(&g);
	fake_set(&g, view.reader, F_task_struct_nsproxy, proxy.v);
	fake_set(&g, proxy, F_nsproxy_net, net.v);
	top = fake_knode_add(&g, gva(0), "", KNODE_DIR);
	fake_variable(&g, S_sysfs_root_kn, top.v);
	devices = fake_knode_add(&g, top, "devices", KNODE_DIR);
	class_net =
		fake_knode_add(&g, fake_knode_add(&g, top, "class", KNODE_DIR), "net", KNODE_DIR);
	lo = fake_knode_add(&g, class_net, "lo", KNODE_LINK);
	other = fake_knode_add(&g, class_net, "eth0", KNODE_LINK);
	fake_set(&g, lo, F_kernfs_node_ns, net.v);
	fake_set(&g, other, F_kernfs_node_ns, fake_object(&g).v);
	fake_set(&g, lo, F_kernfs_node_target,
		 fake_knode_add(&g, fake_knode_add(&g, devices, "virtual", KNODE_DIR), "lo",
				KNODE_DIR)
			 .v);
}

static bool collect(void *context, const char *name, enum node_kind kind)
{
	(void)context;
	(void)kind;
	if (strlen(names) + strlen(name) + 2 > sizeof(names))
		return true;
	strcat(names, name);
	strcat(names, " ");
	return true;
}

static void check_names(const char *path, const char *expected)
{
	struct proc_node node;

	*names = 0;
	CHECK_OK(node_find(&view, path, &node));
	CHECK_OK(node_list(&view, &node, collect, NULL));
	CU_ASSERT_STRING_EQUAL(names, expected);
}

TEST(sysfs, lists_what_the_guest_registered)
{
	set_up();
	check_names("/sys/class", "net ");
	fake_set(&g, class_net, F_kernfs_node_active, UINT32_C(0x80000001));
	check_names("/sys/class", "");
}

TEST(sysfs, shows_devices_of_the_readers_network_namespace_only)
{
	struct proc_node node;

	set_up();
	check_names("/sys/class/net", "lo ");
	fake_set(&g, lo, F_kernfs_node_ns, kfield_at(&g.k, net, F_net_ns).v); /* as since 7.0 */
	check_names("/sys/class/net", "lo ");
	CHECK_ERR(node_find(&view, "/sys/class/net/eth0", &node), ERR_ABSENT);
	CHECK_ERR(node_find(&view, "/sys/class/net/lo/mtu", &node), ERR_ABSENT);
}

TEST(sysfs, links_are_relative)
{
	struct proc_node node;
	char text[256];

	set_up();
	CHECK_OK(node_find(&view, "/sys/class/net/lo", &node));
	CU_ASSERT_EQUAL(node.kind, NODE_SYMLINK);
	CHECK_OK(proc_readlink(&view, &node, text, sizeof(text)));
	CU_ASSERT_STRING_EQUAL(text, "../../devices/virtual/lo");
	CHECK_OK(node_find(&view, "/sys/devices/virtual/lo", &node));
	CU_ASSERT_EQUAL(node.kind, NODE_DIR);
}

TEST(sysfs, a_directory_above_itself_ends)
{
	struct proc_node node;
	gva_t first;

	set_up();
	CHECK_OK(kfield_ptr(&g.k, class_net, F_kernfs_node_children, &first));
	fake_u64(&g, kfield_at(&g.k, first, F_rb_node_right), first.v);
	CHECK_OK(node_find(&view, "/sys/class/net", &node));
	CHECK_OK(node_list(&view, &node, collect, NULL));
	CU_ASSERT_EQUAL(view.races, 1);
}
