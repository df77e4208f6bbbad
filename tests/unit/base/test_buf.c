/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "remotetrans/base/buf.h"
#include "tests/lib/unit.h"

#include <string.h>

TEST(buf, reads_little_endian_in_order)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 'a', 0};
	struct buf_reader r = buf_reader_over(bytes, sizeof(bytes));
	uint8_t u8 = 0;
	uint16_t u16 = 0;
	uint32_t u32 = 0;
	uint64_t u64 = 0;
	const char *s = NULL;

	CHECK_OK(buf_read_u8(&r, &u8));
	CHECK_OK(buf_read_u16(&r, &u16));
	CHECK_OK(buf_read_u32(&r, &u32));
	CHECK_OK(buf_read_u64(&r, &u64));
	CHECK_OK(buf_read_cstr(&r, &s));
	CHECK_OK(buf_reader_end(&r));
	CU_ASSERT_EQUAL(u8, 1);
	CU_ASSERT_EQUAL(u16, 0x0302);
	CU_ASSERT_EQUAL(u32, 0x07060504);
	CU_ASSERT_EQUAL(u64, 0x0f0e0d0c0b0a0908);
	CU_ASSERT_STRING_EQUAL(s, "a");
}

TEST(buf, failed_read_leaves_cursor_and_output)
{
	static const uint8_t bytes[] = {1, 2, 3};
	struct buf_reader r = buf_reader_over(bytes, sizeof(bytes));
	uint32_t u32 = 77;
	const char *s = "kept";

	CHECK_ERR(buf_read_u32(&r, &u32), ERR_PROTO);
	CHECK_ERR(buf_read_cstr(&r, &s), ERR_PROTO);
	CHECK_ERR(buf_skip(&r, SIZE_MAX), ERR_PROTO);
	CU_ASSERT_EQUAL(u32, 77);
	CU_ASSERT_STRING_EQUAL(s, "kept");
	CU_ASSERT_EQUAL(buf_reader_left(&r), 3);
	CHECK_ERR(buf_reader_end(&r), ERR_PROTO);
}

TEST(buf, writer_refuses_what_does_not_fit)
{
	uint8_t bytes[5] = {0};
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));

	CHECK_OK(buf_write_u32(&w, 0x04030201));
	CHECK_ERR(buf_write_u16(&w, 9), ERR_PROTO);
	CHECK_OK(buf_write_u8(&w, 5));
	CU_ASSERT_EQUAL(memcmp(bytes, "\1\2\3\4\5", 5), 0);
	CU_ASSERT_EQUAL(w.used_bytes, 5);
}

TEST(err, wraps_itself)
{
	const struct err *e = ERR_ERRNO(ERR_SYSTEM, 2, "cannot open %s", "x");

	CU_ASSERT_STRING_EQUAL(e->message, "cannot open x: No such file or directory");
	e = ERR(ERR_PEER, "lost: %s", e->message);
	CU_ASSERT_STRING_EQUAL(e->message, "lost: cannot open x: No such file or directory");
	CU_ASSERT_TRUE(err_is_fatal(e));
	CU_ASSERT_STRING_EQUAL(err_kind_name(e->kind), "PEER");
}
