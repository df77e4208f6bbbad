/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "tests/lib/unit.h"
#include "transcall/sys/paths.h"

TEST(paths, the_longest_row_wins)
{
	CU_ASSERT_EQUAL(paths_rule("/")->side, SIDE_HOST);
	CU_ASSERT_EQUAL(paths_rule("/usr/lib/x")->side, SIDE_HOST);
	CU_ASSERT_EQUAL(paths_rule("/usr/lib/modules/6.1")->side, SIDE_REFUSED);
	CU_ASSERT_EQUAL(paths_rule("/proc")->side, SIDE_GUEST);
	CU_ASSERT_EQUAL(paths_rule("/process")->side, SIDE_HOST);
	CU_ASSERT_EQUAL(paths_rule("/dev/sda")->side, SIDE_GUEST);
	CU_ASSERT_EQUAL(paths_rule("/dev/null")->side, SIDE_HOST);
	CU_ASSERT_EQUAL(paths_rule("/dev/nullx")->side, SIDE_GUEST);
	CU_ASSERT_EQUAL(paths_rule("/etc/passwd")->side, SIDE_GUEST);
	CU_ASSERT_EQUAL(paths_rule("/etc/passwd-")->side, SIDE_HOST);
	CU_ASSERT_EQUAL(paths_rule("/run")->side, SIDE_REFUSED);
	CU_ASSERT_EQUAL(paths_rule("/run/utmp")->side, SIDE_GUEST);
	CU_ASSERT_EQUAL(paths_rule("/dev/fd/0")->side, SIDE_ALIAS);
}

TEST(paths, rows_are_canonical_and_unique)
{
	const struct path_rule *row, *other;

	for (size_t i = 0; (row = paths_row(i)); i++) {
		size_t len = strlen(row->path);

		CU_ASSERT_EQUAL(row->path[0], '/');
		CU_ASSERT(len == 1 || row->path[len - 1] != '/');
		CU_ASSERT_PTR_NULL(strstr(row->path, "//"));
		CU_ASSERT_EQUAL(row->text != NULL,
				row->side == SIDE_ALIAS || row->side == SIDE_OURS);
		CU_ASSERT_PTR_EQUAL(paths_rule(row->path), row);
		for (size_t j = 0; j < i && (other = paths_row(j)); j++)
			CU_ASSERT_STRING_NOT_EQUAL(row->path, other->path);
	}
}

TEST(paths, mount_points_are_examined)
{
	CU_ASSERT_TRUE(paths_examined("/sys/fs/cgroup"));
	CU_ASSERT_TRUE(paths_examined("/proc/sys/fs/binfmt_misc"));
	CU_ASSERT_FALSE(paths_examined("/proc/sys/fs"));
	CU_ASSERT_FALSE(paths_examined("/sys/fsx"));
}

TEST(paths, what_of_self_is_the_readers)
{
	CU_ASSERT_TRUE(paths_self_is_guest("net"));
	CU_ASSERT_TRUE(paths_self_is_guest("net/tcp"));
	CU_ASSERT_TRUE(paths_self_is_guest("mounts"));
	CU_ASSERT_FALSE(paths_self_is_guest("network"));
	CU_ASSERT_FALSE(paths_self_is_guest("stat"));
	CU_ASSERT_FALSE(paths_self_is_guest("fd/3"));
}

TEST(paths, who_examines)
{
	CU_ASSERT_TRUE(paths_examines("df"));
	CU_ASSERT_FALSE(paths_examines("toybox"));
	CU_ASSERT_TRUE(paths_has_applets("toybox"));
	CU_ASSERT_FALSE(paths_has_applets("df"));
}
