/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "tests/lib/unit.h"
#include "transcall/proc/kernfs.h"

struct listing {
	char text[256];
	unsigned left;
};

static bool append(void *context, const char *name, enum node_kind kind)
{
	struct listing *l = context;
	size_t used = strlen(l->text);

	CU_ASSERT_EQUAL(kind, NODE_SYMLINK);
	snprintf(l->text + used, sizeof(l->text) - used, "%s ", name);
	return --l->left;
}

/* As 6.12 lists /sys/module/inet_diag/holders. */
TEST(kernfs, lists_in_the_order_of_hashes)
{
	CLEANUP(kernfs_deinit) struct kernfs_names n = {0};
	struct listing all = {.left = 99}, two = {.left = 2};

	kernfs_list(&n, NODE_SYMLINK, append, &all);
	CU_ASSERT_STRING_EQUAL(all.text, "");
	CHECK_OK(kernfs_add(&n, "raw_diag"));
	CHECK_OK(kernfs_add(&n, "udp_diag"));
	CHECK_OK(kernfs_add(&n, "tcp_diag"));
	kernfs_list(&n, NODE_SYMLINK, append, &all);
	CU_ASSERT_STRING_EQUAL(all.text, "tcp_diag raw_diag udp_diag ");
	kernfs_list(&n, NODE_SYMLINK, append, &two);
	CU_ASSERT_STRING_EQUAL(two.text, "tcp_diag raw_diag ");
}

TEST(kernfs, takes_many_and_cuts_long_ones)
{
	CLEANUP(kernfs_deinit) struct kernfs_names n = {0};
	char name[128];

	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "%0100u", i);
		CHECK_OK(kernfs_add(&n, name));
	}
	CU_ASSERT_EQUAL(n.count, 1000);
	CU_ASSERT_EQUAL(strlen(n.all[999].name), KERNFS_NAME_BYTES - 1);
}
