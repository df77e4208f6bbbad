// SPDX-License-Identifier: GPL-2.0-or-later
/* The lab's frames: encoded and found again in a stream that may begin in the middle of one. */
#include "frame.h"

#include <stdlib.h>
#include <string.h>

uint32_t frame_get32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

void frame_put32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

void frame_header(uint8_t *at, uint32_t session, uint32_t type, uint32_t len)
{
	frame_put32(at, FRAME_MAGIC);
	frame_put32(at + 4, session);
	frame_put32(at + 8, type);
	frame_put32(at + 12, len);
}

uint8_t *frame_reader_room(struct frame_reader *reader, size_t len, size_t *room)
{
	if (reader->start) {
		memmove(reader->bytes, reader->bytes + reader->start, reader->end - reader->start);
		reader->end -= reader->start;
		reader->start = 0;
	}
	if (reader->size - reader->end < len) {
		size_t size = reader->end + len;
		uint8_t *bytes = realloc(reader->bytes, size);

		if (!bytes)
			return NULL;
		reader->bytes = bytes;
		reader->size = size;
	}
	*room = reader->size - reader->end;
	return reader->bytes + reader->end;
}

void frame_reader_added(struct frame_reader *reader, size_t len)
{
	reader->end += len;
}

bool frame_header_is_sane(const uint8_t *at)
{
	uint32_t type = frame_get32(at + 8), len = frame_get32(at + 12);

	if (frame_get32(at) != FRAME_MAGIC || type < FRAME_HELLO || type > FRAME_BYE)
		return false;
	return len <= (type == FRAME_RUN ? FRAME_LEN_MAX : FRAME_DATA_MAX);
}

bool frame_next(struct frame_reader *reader, struct frame *ret)
{
	while (reader->end - reader->start >= FRAME_HEADER_LEN) {
		const uint8_t *at = reader->bytes + reader->start;
		uint32_t len = frame_get32(at + 12);

		if (!frame_header_is_sane(at)) {
			reader->start++;
			continue;
		}
		if (reader->end - reader->start - FRAME_HEADER_LEN < len)
			return false;
		*ret = (struct frame){.session = frame_get32(at + 4),
				      .type = frame_get32(at + 8),
				      .len = len,
				      .data = at + FRAME_HEADER_LEN};
		reader->start += FRAME_HEADER_LEN + len;
		return true;
	}
	return false;
}
