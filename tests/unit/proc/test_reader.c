/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "tests/lib/unit.h"
#include "transcall/proc/reader.h"

static void expect(const char *text, const char *escape, const char *expected)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	reader_mangle(f, text, escape);
	fclose(f);
	CU_ASSERT_STRING_EQUAL(out, expected);
	free(out);
}

TEST(reader, mangles_only_what_would_break_a_line)
{
	expect("/a b\tc\nd\\e", " \t\n\\", "/a\\040b\\011c\\012d\\134e");
	expect("#x", " \t\n\\", "#x");
	expect("#x", " \t\n\\#", "\\043x");
	expect("", " ", "");
	expect("\xff\x01", " \t\n\\", "\xff\x01");
}
