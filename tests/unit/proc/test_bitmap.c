/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/proc/bitmap.h"

#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "tests/lib/unit.h"

typedef void print_fn(const uint8_t *bits, unsigned count, FILE *out);

static bool prints(print_fn *print, const uint8_t *bits, unsigned count, const char *expected)
{
	AUTO_FREE char *text = NULL;
	size_t len_bytes;
	FILE *out = open_memstream(&text, &len_bytes);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	print(bits, count, out);
	fclose(out);
	if (strcmp(text, expected) != 0)
		fprintf(stderr, "'%s', not '%s'\n", text, expected);
	return strcmp(text, expected) == 0;
}

TEST(bitmap, hexadecimal_groups_have_32_bits)
{
	static const uint8_t bits[] = {0x0f, 0, 0, 0x80, 0x01, 0, 0, 0};

	CU_ASSERT(prints(bitmap_print_hex, bits, 1, "1"));
	CU_ASSERT(prints(bitmap_print_hex, bits, 4, "f"));
	CU_ASSERT(prints(bitmap_print_hex, bits, 5, "0f"));
	CU_ASSERT(prints(bitmap_print_hex, bits, 32, "8000000f"));
	CU_ASSERT(prints(bitmap_print_hex, bits, 33, "1,8000000f"));
	CU_ASSERT(prints(bitmap_print_hex, bits, 64, "00000001,8000000f"));
	CU_ASSERT(prints(bitmap_print_hex, bits, 0, ""));
}

TEST(bitmap, lists_have_ranges)
{
	static const uint8_t bits[] = {0x2f, 0x80, 0x01};

	CU_ASSERT(prints(bitmap_print_list, bits, 24, "0-3,5,15-16"));
	CU_ASSERT(prints(bitmap_print_list, bits, 16, "0-3,5,15"));
	CU_ASSERT(prints(bitmap_print_list, bits, 2, "0-1"));
	CU_ASSERT(prints(bitmap_print_list, bits + 1, 7, ""));
}
