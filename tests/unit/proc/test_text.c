/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as text: as fprintf() prints them. */
#include "transcall/proc/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "tests/lib/unit.h"

static const uint64_t values[] = {0,
				  1,
				  9,
				  10,
				  99,
				  100,
				  4294967295,
				  4294967296,
				  0x8000,
				  0xfffffff,
				  INT64_MAX,
				  (uint64_t)INT64_MAX + 1,
				  UINT64_MAX - 1,
				  UINT64_MAX};
#define VALUES (sizeof(values) / sizeof(values[0]))

static void print_all(FILE *out, uint64_t v)
{
	text_u64(out, v);
	text_str(out, " ");
	text_i64(out, (int64_t)v);
	text_str(out, " ");
	text_hex(out, v, 0);
	text_str(out, " ");
	text_hex(out, v, 16);
	text_str(out, " ");
	text_padded(out, v, 8);
	text_str(out, "\n");
	text_line_u64(out, "a", v);
	text_line_i64(out, "b", (int64_t)v);
	text_line_hex(out, "c", v);
	text_line_str(out, "d", "text");
}

static void fprintf_all(FILE *out, uint64_t v)
{
	fprintf(out, "%" PRIu64 " %" PRId64 " %" PRIx64 " %016" PRIx64 " %8" PRIu64 "\n", v,
		(int64_t)v, v, v, v);
	fprintf(out, "a:\t%" PRIu64 "\nb:\t%" PRId64 "\nc:\t%016" PRIx64 "\nd:\t%s\n", v,
		(int64_t)v, v, "text");
}

static char *written(void (*print)(FILE *out, uint64_t v), uint64_t v)
{
	char *text = NULL;
	size_t len_bytes;
	FILE *out = open_memstream(&text, &len_bytes);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	print(out, v);
	fclose(out);
	return text;
}

TEST(text, prints_numbers_as_fprintf_does)
{
	for (size_t i = 0; i < VALUES; i++) {
		AUTO_FREE char *ours = written(print_all, values[i]);
		AUTO_FREE char *theirs = written(fprintf_all, values[i]);

		CU_ASSERT_STRING_EQUAL(ours, theirs);
	}
}
