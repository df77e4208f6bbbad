/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frame - one message on a stream: u32 body length, u16 type, u16 request, body.
 *
 * The length is checked against the type's own maximum before a byte of the body is read. The
 * client chooses the request number; every message of the answer repeats it.
 */
#ifndef RT_WIRE_FRAME_H
#define RT_WIRE_FRAME_H

#include "remotetrans/wire/msg.h"
#include "remotetrans/wire/stream.h"

#define FRAME_HEAD_BYTES 8u

struct frame {
	uint16_t type; /* enum msg_type */
	uint16_t request;
	uint32_t len_bytes;
	const uint8_t *body; /* borrowed from the stream until the next receive */
};

/* Parse FRAME_HEAD_BYTES; body stays NULL. PROTO: unknown type, wrong direction, too long. */
MUST_CHECK const struct err *frame_head_decode(const uint8_t *head, enum msg_direction direction,
					       struct frame *ret);

/* Receive one message that goes in @direction. Return: NULL, PEER (lost, too late), PROTO. */
MUST_CHECK const struct err *frame_receive(struct stream *s, enum msg_direction direction,
					   uint64_t deadline_ns, struct frame *ret);

/* frame_send_NAME(): encode and send one message. Return: NULL, PEER, PROTO (over a limit). */
#define MESSAGE(ID, name, number, direction)                                                       \
	MUST_CHECK const struct err *frame_send_##name(struct stream *s, uint16_t request,         \
						       const struct msg_##name *m,                 \
						       uint64_t deadline_ns);
#define U32(field)
#define U64(field)
#define FIXED(field, len)
#define TEXT(field, max)
#define BLOB(field, max, unit)
#define END(name)
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"

static inline struct buf_reader frame_reader(const struct frame *f)
{
	return buf_reader_over(f->body, f->len_bytes);
}

#endif
