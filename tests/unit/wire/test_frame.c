/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "remotetrans/wire/frame.h"
#include "tests/lib/unit.h"

static const struct err *decode(uint32_t len, uint16_t type, enum msg_direction direction,
				struct frame *ret)
{
	uint8_t head[FRAME_HEAD_BYTES];
	struct buf_writer w = buf_writer_over(head, sizeof(head));

	CHECK_OK(buf_write_u32(&w, len));
	CHECK_OK(buf_write_u16(&w, type));
	CHECK_OK(buf_write_u16(&w, 0xabcd));
	return frame_head_decode(head, direction, ret);
}

TEST(frame, head_is_decoded)
{
	struct frame f = {0};

	CHECK_OK(decode(4, MSG_LIST, TO_SERVER, &f));
	CU_ASSERT_EQUAL(f.type, MSG_LIST);
	CU_ASSERT_EQUAL(f.request, 0xabcd);
	CU_ASSERT_EQUAL(f.len_bytes, 4);
}

TEST(frame, each_type_has_its_own_cap_and_direction)
{
	struct frame f = {.type = 99};

	for (uint16_t type = 0; type < MSG_TYPES; type++) {
		for (unsigned direction = TO_SERVER; direction <= TO_CLIENT; direction++) {
			uint32_t max;
			const struct err *e = msg_body_max(type, direction, &max);

			if (e)
				continue;
			CHECK_OK(decode(max, type, direction, &f));
			CHECK_ERR(decode(max + 1, type, direction, &f), ERR_PROTO);
			CHECK_ERR(decode(UINT32_MAX, type, direction, &f), ERR_PROTO);
			CHECK_ERR(decode(max, type, !direction, &f), ERR_PROTO);
		}
	}
}

TEST(frame, unknown_types_are_refused)
{
	struct frame f = {.type = 99};

	CHECK_ERR(decode(0, 0, TO_SERVER, &f), ERR_PROTO);
	CHECK_ERR(decode(0, MSG_TYPES, TO_SERVER, &f), ERR_PROTO);
	CHECK_ERR(decode(0, 0xffff, TO_CLIENT, &f), ERR_PROTO);
	CU_ASSERT_EQUAL(f.type, 99);
}
