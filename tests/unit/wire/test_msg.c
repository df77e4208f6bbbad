/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every message: there and back, cut short at every byte, one byte too long, hostile lengths. */
#include "remotetrans/wire/msg.h"
#include "tests/lib/unit.h"

#include <stdlib.h>
#include <string.h>

#define BODY_MAX (WIRE_RECORDS_BYTES_MAX + 64)
#define BLOB_BYTES 96 /* a multiple of every unit */

static const uint8_t blob[BLOB_BYTES] = "ninety-six bytes of anything, for every blob: "
	"a multiple of all their units, 8, 32, and so on.";

/* A buffer of exactly @len bytes, so that AddressSanitizer sees every read past its end. */
static uint8_t *exact_copy(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

/* For each message: sample_NAME() fills all fields, NAME_equal() compares them. */
#define MESSAGE(ID, name, number, direction)                                                       \
	static struct msg_##name sample_##name(void)                                               \
	{                                                                                          \
		struct msg_##name m;                                                               \
		uint8_t fill = (number);                                                           \
		memset(&m, 0, sizeof(m));
#define U32(field)             m.field = 0x01020304u * ++fill;
#define U64(field)             m.field = UINT64_C(0x0102030405060708) * ++fill;
#define FIXED(field, len)      memset(m.field, ++fill, len);
#define TEXT(field, max)       memset(m.field, 'a' + ++fill % 20, max);
#define BLOB(field, max, unit) m.field = (struct wire_view){blob, sizeof(blob)};
#define END(name)                                                                                  \
	(void)fill;                                                                                \
	return m;                                                                                  \
	}
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"

#define MESSAGE(ID, name, number, direction)                                                       \
	static bool name##_equal(const struct msg_##name *a, const struct msg_##name *b)           \
	{                                                                                          \
		bool equal = true;
#define U32(field)             equal = equal && a->field == b->field;
#define U64(field)             equal = equal && a->field == b->field;
#define FIXED(field, len)      equal = equal && memcmp(a->field, b->field, len) == 0;
#define TEXT(field, max)       equal = equal && strcmp(a->field, b->field) == 0;
#define BLOB(field, max, unit)                                                                     \
	equal = equal && a->field.len_bytes == b->field.len_bytes &&                               \
		memcmp(a->field.bytes, b->field.bytes, b->field.len_bytes) == 0;
#define END(name)                                                                                  \
	return equal;                                                                              \
	}
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"

/* One test for each message, made from the table. */
#define MESSAGE(ID, name, number, direction)                                                       \
	TEST(msg, name##_there_and_back_and_no_prefix)                                             \
	{                                                                                          \
		static uint8_t body[BODY_MAX];                                                     \
		struct msg_##name in = sample_##name(), out, untouched;                            \
		struct buf_writer w = buf_writer_over(body, sizeof(body));                         \
		uint32_t body_max = 0;                                                             \
		CHECK_OK(msg_encode_##name(&in, &w));                                              \
		CHECK_OK(msg_body_max(number, direction, &body_max));                              \
		CU_ASSERT_TRUE(w.used_bytes <= body_max);                                          \
		CHECK_ERR(msg_body_max(number, direction == TO_SERVER ? TO_CLIENT : TO_SERVER,     \
				       &body_max),                                                 \
			  ERR_PROTO);                                                              \
		memset(&out, 0xee, sizeof(out));                                                   \
		untouched = out;                                                                   \
		for (size_t len = 0; len <= w.used_bytes + 1; len++) {                             \
			uint8_t *copy = exact_copy(body, len);                                     \
			struct buf_reader r = buf_reader_over(copy, len);                          \
			if (len == w.used_bytes) {                                                 \
				CHECK_OK(msg_decode_##name(&r, &out));                             \
				CU_ASSERT_TRUE(name##_equal(&in, &out));                           \
				out = untouched;                                                   \
			} else {                                                                   \
				CHECK_ERR(msg_decode_##name(&r, &out), ERR_PROTO);                 \
				CU_ASSERT_EQUAL(memcmp(&out, &untouched, sizeof(out)), 0);         \
			}                                                                          \
			free(copy);                                                                \
		}                                                                                  \
	}
#define U32(field)
#define U64(field)
#define FIXED(field, len)
#define TEXT(field, max)
#define BLOB(field, max, unit)
#define END(name)
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"

/* Body of an OPEN whose first field, a text, claims @claimed bytes and has @len. */
static const struct err *decode_open(uint32_t claimed, size_t len, char fill)
{
	uint8_t body[4 + 200 + WIRE_OPEN_REQUEST_BYTES] = {0};
	struct buf_writer w = buf_writer_over(body, sizeof(body));
	char text[200];
	struct msg_open m;

	memset(text, fill, sizeof(text));
	CHECK_OK(buf_write_u32(&w, claimed));
	CHECK_OK(buf_write_bytes(&w, text, len));
	uint8_t *copy = exact_copy(body, w.used_bytes + WIRE_OPEN_REQUEST_BYTES);
	struct buf_reader r = buf_reader_over(copy, w.used_bytes + WIRE_OPEN_REQUEST_BYTES);
	const struct err *e = msg_decode_open(&r, &m);
	free(copy);
	return e;
}

TEST(msg, hostile_text_lengths_are_refused)
{
	CHECK_OK(decode_open(WIRE_NAME_MAX, WIRE_NAME_MAX, 'x'));
	CHECK_OK(decode_open(0, 0, 'x'));
	CHECK_ERR(decode_open(WIRE_NAME_MAX + 1, WIRE_NAME_MAX + 1, 'x'), ERR_PROTO);
	CHECK_ERR(decode_open(5, 4, 'x'), ERR_PROTO);
	CHECK_ERR(decode_open(3, 4, 'x'), ERR_PROTO);
	CHECK_ERR(decode_open(UINT32_MAX, 4, 'x'), ERR_PROTO);
	CHECK_ERR(decode_open(0x80000000, 4, 'x'), ERR_PROTO);
}

TEST(msg, texts_carry_no_control_characters)
{
	CHECK_ERR(decode_open(4, 4, '\0'), ERR_PROTO);
	CHECK_ERR(decode_open(4, 4, '\n'), ERR_PROTO);
	CHECK_ERR(decode_open(4, 4, '\033'), ERR_PROTO);
	CHECK_ERR(decode_open(4, 4, '\x7f'), ERR_PROTO);
}

static const struct err *decode_read(uint32_t claimed, size_t len)
{
	static uint8_t body[RTVMM_CHALLENGE_BYTES + 8 + 8 * WIRE_READ_FRAMES_MAX + 64];
	struct buf_writer w = buf_writer_over(body, sizeof(body));
	struct msg_read m;

	w.used_bytes = RTVMM_CHALLENGE_BYTES + 4;
	CHECK_OK(buf_write_u32(&w, claimed));
	uint8_t *copy = exact_copy(body, w.used_bytes + len);
	struct buf_reader r = buf_reader_over(copy, w.used_bytes + len);
	const struct err *e = msg_decode_read(&r, &m);
	free(copy);
	return e;
}

TEST(msg, hostile_blob_lengths_are_refused)
{
	CHECK_OK(decode_read(8 * WIRE_READ_FRAMES_MAX, 8 * WIRE_READ_FRAMES_MAX));
	CHECK_OK(decode_read(0, 0));
	CHECK_ERR(decode_read(8 * WIRE_READ_FRAMES_MAX + 8, 8 * WIRE_READ_FRAMES_MAX + 8), ERR_PROTO);
	CHECK_ERR(decode_read(7, 7), ERR_PROTO);
	CHECK_ERR(decode_read(16, 8), ERR_PROTO);
	CHECK_ERR(decode_read(8, 16), ERR_PROTO);
	CHECK_ERR(decode_read(UINT32_MAX, 8), ERR_PROTO);
	CHECK_ERR(decode_read(UINT32_MAX - 7, 8), ERR_PROTO);
}

TEST(msg, encoding_refuses_what_is_over_a_limit)
{
	static uint8_t body[BODY_MAX];
	static const uint8_t many[8 * WIRE_READ_FRAMES_MAX + 8];
	struct buf_writer w = buf_writer_over(body, sizeof(body));
	struct msg_read m = {.frames = {many, sizeof(many)}};

	CHECK_ERR(msg_encode_read(&m, &w), ERR_PROTO);
	m.frames.len_bytes = 12;
	CHECK_ERR(msg_encode_read(&m, &w), ERR_PROTO);
}

TEST(msg, names)
{
	CU_ASSERT_STRING_EQUAL(msg_name(MSG_OPEN_REPLY), "OPEN_REPLY");
	CU_ASSERT_STRING_EQUAL(msg_name(0), "?");
	CU_ASSERT_STRING_EQUAL(msg_name(MSG_TYPES), "?");
	CU_ASSERT_STRING_EQUAL(msg_name(0xffff), "?");
}
