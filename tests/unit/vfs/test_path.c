/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "tests/lib/unit.h"
#include "transcall/vfs/path.h"

static void joins(const char *base, const char *path, const char *expected)
{
	char out[PATH_MAX];

	CU_ASSERT_TRUE_FATAL(path_join(base, path, out));
	CU_ASSERT_STRING_EQUAL(out, expected);
}

TEST(path, is_tidied_when_joined)
{
	joins(NULL, "/proc//1/./stat/", "/proc/1/stat");
	joins("/proc", "1/stat", "/proc/1/stat");
	joins("/", "proc", "/proc");
	joins("/proc/1", "", "/proc/1");
	joins("/proc/1", ".", "/proc/1");
	joins("/a/b", "/c", "/c");
	joins("/a", "../b", "/a/../b");
	joins(NULL, "/", "/");
	joins(NULL, "/...", "/...");
}

TEST(path, too_long_is_refused)
{
	static char name[PATH_MAX + 8];
	char out[PATH_MAX];

	memset(name, 'n', sizeof(name) - 1);
	CU_ASSERT_FALSE(path_join("/", name, out));
	name[PATH_MAX - 1] = '\0';
	CU_ASSERT_FALSE(path_join("/", name, out));
	name[PATH_MAX - 2] = '\0';
	CU_ASSERT_TRUE(path_join("/", name, out));
	CU_ASSERT_FALSE(path_join("/x", name, out));
}

TEST(path, knows_parent_components)
{
	CU_ASSERT_TRUE(path_has_parent("/a/../b"));
	CU_ASSERT_TRUE(path_has_parent("/a/.."));
	CU_ASSERT_FALSE(path_has_parent("/a/..b"));
	CU_ASSERT_FALSE(path_has_parent("/a/b.."));
	CU_ASSERT_FALSE(path_has_parent("/..."));
	CU_ASSERT_TRUE(path_has_parent("/.../.."));
}

TEST(path, pops_to_the_root)
{
	char path[PATH_MAX] = "/a/b";

	path_pop(path);
	CU_ASSERT_STRING_EQUAL(path, "/a");
	path_pop(path);
	CU_ASSERT_STRING_EQUAL(path, "/");
	path_pop(path);
	CU_ASSERT_STRING_EQUAL(path, "/");
}

TEST(path, is_under_whole_components_only)
{
	const char *rest;

	CU_ASSERT_TRUE(path_under("/proc/1", "/proc", &rest));
	CU_ASSERT_STRING_EQUAL(rest, "/1");
	CU_ASSERT_TRUE(path_under("/proc", "/proc", &rest));
	CU_ASSERT_STRING_EQUAL(rest, "");
	CU_ASSERT_FALSE(path_under("/process", "/proc", &rest));
	CU_ASSERT_FALSE(path_under("/pro", "/proc", &rest));
}

TEST(path, numbers_are_whole_components)
{
	const char *rest;

	CU_ASSERT_EQUAL(path_number("123/stat", &rest), 123);
	CU_ASSERT_STRING_EQUAL(rest, "/stat");
	CU_ASSERT_EQUAL(path_number("4194304", &rest), 4194304);
	CU_ASSERT_EQUAL(path_number("0", &rest), 0);
	CU_ASSERT_EQUAL(path_number("012", &rest), 0);
	CU_ASSERT_EQUAL(path_number("12x", &rest), 0);
	CU_ASSERT_STRING_EQUAL(rest, "12x");
	CU_ASSERT_EQUAL(path_number("99999999999999999999", &rest), 0);
	CU_ASSERT_EQUAL(path_number("self", &rest), 0);
}
