/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/proc/nlmsg.h"

#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/unit.h"

static struct nlmsg m;

TEST(nlmsg, attributes_are_padded_and_nest)
{
	static const uint8_t wanted[] = {
		40,  0,   0,   0,   20,  0,   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* header */
		'b', 'o', 'd', 'y',                                         /* body */
		20,  0,   7,   0,                                           /* nest */
		5,   0,   1,   0,   9,   0,   0, 0,                         /* a byte, padded */
		7,   0,   2,   0,   'o', 'k', 0, 0,                         /* a text */
	};
	char *text;
	size_t len, nest;
	FILE *out = open_memstream(&text, &len);

	nlmsg_begin(&m, 20, "body", 4);
	nest = nlmsg_nest(&m, 7);
	nlmsg_attr_u8(&m, 1, 9);
	nlmsg_attr_text(&m, 2, "ok");
	nlmsg_nest_end(&m, nest);
	CHECK_OK(nlmsg_end(&m, out));
	fclose(out);
	CU_ASSERT_EQUAL_FATAL(len, sizeof(wanted));
	CU_ASSERT_EQUAL(memcmp(text, wanted, len), 0);
	free(text);
}

TEST(nlmsg, what_does_not_fit_is_no_message)
{
	static uint8_t much[NLMSG_BYTES_MAX];
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	nlmsg_begin(&m, 20, "body", 4);
	nlmsg_attr(&m, 1, much, sizeof(much) - 32);
	CU_ASSERT_FALSE(m.is_cut);
	nlmsg_attr_u64(&m, 2, 1);
	CU_ASSERT_TRUE(m.is_cut);
	CHECK_ERR(nlmsg_end(&m, out), ERR_RACE);
	fclose(out);
	CU_ASSERT_EQUAL(len, 0);
	free(text);
}
