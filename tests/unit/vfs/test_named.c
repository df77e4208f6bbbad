/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "tests/lib/unit.h"
#include "transcall/proc/mapped.h"
#include "transcall/vfs/named.h"

static bool append(void *context, const char *path)
{
	char *all = context;

	strcat(strcat(all, path), "|");
	return true;
}

static void finds(const char *text, const char *expected)
{
	char all[8192] = "";

	mapped_each(text, strlen(text), append, all);
	CU_ASSERT_STRING_EQUAL(all, expected);
}

TEST(mapped, paths_of_files_only)
{
	finds("1-2 r--p 0 00:02 258                        /usr/bin/sleep\n"
	      "2-3 r-xp 0 00:02 258                        /usr/bin/sleep\n"
	      "3-4 rw-p 0 00:00 0                          [heap]\n"
	      "4-5 rw-p 0 00:00 0 \n"
	      "5-6 rw-s 0 00:01 9                          anon_inode:[perf]\n"
	      "6-7 r--p 0 00:02 7                          /lib/libc.so.6\n",
	      "/usr/bin/sleep|/lib/libc.so.6|");
}

TEST(mapped, escapes_and_the_mark_of_removed_files)
{
	finds("1-2 r--p 0 00:02 258    /a\\012b c (deleted)\n", "/a\nb c|");
	finds("1-2 r--p 0 00:02 258    / (deleted)\n", "/|");
	finds("1-2 r--p 0 00:02 258    /x\\01", "/x\\01|");
}

TEST(mapped, what_is_cut_or_no_line_is_nothing)
{
	static char text[8192];

	finds("", "");
	finds("\n\n", "");
	finds("1-2 r--p 0 00:02", "");
	finds("1-2 r--p 0 00:02 258", "");
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "1-2 r 0 0 1 /", 13);
	finds(text, ""); /* longer than any path */
}

TEST(named, only_to_who_read_it)
{
	static const char text[] = "1-2 r--p 0 00:02 258   /usr/bin/sleep\n";
	struct named n = {0};

	CHECK_OK(named_add(&n, text, strlen(text)));
	CU_ASSERT_FALSE(named_to(&n, 7, "/usr/bin/sleep"));
	named_read_by(&n, 7);
	CU_ASSERT_TRUE(named_to(&n, 7, "/usr/bin/sleep"));
	CU_ASSERT_FALSE(named_to(&n, 7, "/usr/bin/slee"));
	CU_ASSERT_FALSE(named_to(&n, 8, "/usr/bin/sleep"));
	named_deinit(&n);
}

TEST(named, forgets_the_oldest_readers)
{
	struct named n = {0};

	CHECK_OK(named_add(&n, "1-2 r 0 0 1 /x\n", 15));
	for (pid_t tid = 1; tid <= (pid_t)NAMED_READERS + 1; tid++)
		named_read_by(&n, tid);
	CU_ASSERT_FALSE(named_to(&n, 1, "/x"));
	CU_ASSERT_TRUE(named_to(&n, 2, "/x"));
	CU_ASSERT_TRUE(named_to(&n, (pid_t)NAMED_READERS + 1, "/x"));
	named_deinit(&n);
}
