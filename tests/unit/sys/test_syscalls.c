/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "tests/lib/unit.h"
#include "transcall/sys/syscalls.h"

TEST(syscalls, rows_are_whole)
{
	const struct syscall_row *row;

	for (size_t i = 0; (row = syscalls_row(i)); i++) {
		CU_ASSERT_TRUE(row->arg < 6);
		CU_ASSERT_TRUE(strlen(row->note) > 0);
		CU_ASSERT_EQUAL(row->policy != POLICY_DENY, row->handler != NULL);
		CU_ASSERT_TRUE(row->policy != POLICY_TRAP || row->errnum == 0);
		CU_ASSERT_EQUAL(row->value & ~row->mask & (row->test == TEST_MASKED ? ~0ull : 0),
				0);
		if (row->policy == POLICY_DENY)
			continue;
		uint64_t args[6] = {0};
		args[row->arg] = row->test == TEST_UNLESS ? row->value + 1 : row->value;
		CU_ASSERT_PTR_EQUAL(syscalls_handler(row->nr, args), row->handler);
	}
}

TEST(syscalls, others_have_no_handler)
{
	static const uint64_t none[6];

	CU_ASSERT_PTR_NULL(syscalls_handler(SYS_read, none));
	CU_ASSERT_PTR_NULL(syscalls_handler(SYS_ioctl, none));
	CU_ASSERT_PTR_NULL(syscalls_handler(-1, none));
	CU_ASSERT_PTR_NULL(syscalls_handler(1 << 20, none));
}

TEST(syscalls, the_table_names_each_once)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	unsigned lines = 0;

	syscalls_print(out, true);
	fclose(out);
	for (const char *at = text; (at = strstr(at, ".It Li openat Ta ")); at++)
		lines++;
	CU_ASSERT_EQUAL(lines, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ".It Li mount Ta EPERM Ta "));
	free(text);
}
