/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One message on a stream. Input: attacker-controlled. */
#include "remotetrans/wire/frame.h"

#include "remotetrans/base/check.h"

const struct err *frame_head_decode(const uint8_t *head, enum msg_direction direction,
				    struct frame *ret)
{
	struct buf_reader r = buf_reader_over(head, FRAME_HEAD_BYTES);
	struct frame f = {.body = NULL};
	uint32_t max_bytes;

	TRY(buf_read_u32(&r, &f.len_bytes));
	TRY(buf_read_u16(&r, &f.type));
	TRY(buf_read_u16(&r, &f.request));
	TRY(msg_body_max(f.type, direction, &max_bytes));
	if (!CHECK(length, f.len_bytes <= max_bytes))
		return ERR(ERR_PROTO, "message %s of %u bytes where %u are allowed",
			   msg_name(f.type), f.len_bytes, max_bytes);
	*ret = f;
	return NULL;
}

const struct err *frame_receive(struct stream *s, enum msg_direction direction,
				uint64_t deadline_ns, struct frame *ret)
{
	uint8_t head[FRAME_HEAD_BYTES];
	struct frame f;

	TRY(stream_read(s, head, sizeof(head), deadline_ns));
	TRY(frame_head_decode(head, direction, &f));
	TRY(stream_reserve(&s->in, &s->in_size, f.len_bytes));
	TRY(stream_read(s, s->in, f.len_bytes, deadline_ns));
	f.body = s->in;
	*ret = f;
	return NULL;
}

/* The head goes in front of the body that @w already holds behind FRAME_HEAD_BYTES free bytes. */
static const struct err *send_message(struct stream *s, const struct buf_writer *w,
				      enum msg_type type, uint16_t request, uint64_t deadline_ns)
{
	struct buf_writer head = buf_writer_over(w->start, FRAME_HEAD_BYTES);

	TRY(buf_write_u32(&head, (uint32_t)(w->used_bytes - FRAME_HEAD_BYTES)));
	TRY(buf_write_u16(&head, (uint16_t)type));
	TRY(buf_write_u16(&head, request));
	return stream_write(s, w->start, w->used_bytes, deadline_ns);
}

static const struct err *writer_for(struct stream *s, size_t body_max, struct buf_writer *ret)
{
	TRY(stream_reserve(&s->out, &s->out_size, FRAME_HEAD_BYTES + body_max));
	*ret = buf_writer_over(s->out, s->out_size);
	ret->used_bytes = FRAME_HEAD_BYTES;
	return NULL;
}

#define MESSAGE(ID, name, number, direction)                                                       \
	const struct err *frame_send_##name(struct stream *s, uint16_t request,                    \
					    const struct msg_##name *m, uint64_t deadline_ns)      \
	{                                                                                          \
		const enum msg_type type = MSG_##ID;                                               \
		struct buf_writer w;                                                               \
		size_t body_max = 0;
#define U32(field)             body_max += 4;
#define U64(field)             body_max += 8;
#define FIXED(field, len)      body_max += (len);
#define TEXT(field, max)       body_max += 4 + (max);
#define BLOB(field, max, unit) body_max += 4 + (size_t)m->field.len_bytes;
#define END(name)                                                                                  \
	TRY(writer_for(s, body_max, &w));                                                          \
	TRY(msg_encode_##name(m, &w));                                                             \
	return send_message(s, &w, type, request, deadline_ns);                                    \
	}
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"
