/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/err.h"
#include "remotetrans/base/printable.h"
#include "tests/lib/unit.h"

static void check_put(const char *text, const char *expected)
{
	char *shown = NULL;
	size_t len;
	FILE *out = open_memstream(&shown, &len);

	printable_put(out, text);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(shown, expected);
	free(shown);
}

TEST(printable, text_stays_as_it_is)
{
	check_put("", "");
	check_put("kworker/0:1-events ~", "kworker/0:1-events ~");
	check_put("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7",
		  "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7");
}

TEST(printable, control_characters_are_shown_as_numbers)
{
	check_put("\33[2J\r\n\t\x7f", "\\033[2J\\015\\012\\011\\177");
	check_put("\x9b"
		  "1m",
		  "\\2331m"); /* CSI in 8 bits */
	check_put("\xc2\x9b"
		  "1m",
		  "\\302\\2331m"); /* and in UTF-8 */
	check_put("a\\b", "a\\134b");
}

TEST(printable, what_is_no_utf8_is_shown_as_numbers)
{
	check_put("\xc0\x9b", "\\300\\233");                   /* overlong */
	check_put("\xe0\x82\x9b", "\\340\\202\\233");          /* overlong */
	check_put("\xed\xa0\x80", "\\355\\240\\200");          /* a surrogate */
	check_put("\xf4\x90\x80\x80", "\\364\\220\\200\\200"); /* past the last */
	check_put("\xc3", "\\303");                            /* cut */
	check_put("\xe2\x82z", "\\342\\202z");
	check_put("\xff", "\\377");
}

TEST(printable, of_an_error_too)
{
	char text[] = "a\33b\xc2\x9b", *shown = NULL;
	size_t len;
	FILE *out = open_memstream(&shown, &len);

	printable_clean(text);
	CU_ASSERT_STRING_EQUAL(text, "a?b??");
	printable_error(out, "prog", ERR(ERR_PEER, "says \33[2J"));
	fclose(out);
	CU_ASSERT_STRING_EQUAL(shown, "prog: PEER: says ?[2J\n");
	free(shown);
}
