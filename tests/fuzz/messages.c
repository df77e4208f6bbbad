/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Round trips of all messages, from msg.def. */
#include "remotetrans/wire/record.h"
#include "tests/fuzz/messages.h"

#define BODY_MAX (2u << 20)

typedef const struct err *round_trip_fn(struct buf_reader *r, struct buf_writer *w, bool *ret);

/* *ret: it decoded. */
#define MESSAGE(ID, name, number, direction)                                                       \
	static const struct err *round_trip_##name(struct buf_reader *r, struct buf_writer *w,     \
						   bool *ret)                                      \
	{                                                                                          \
		static struct msg_##name m;                                                        \
		const struct err *e = msg_decode_##name(r, &m);                                    \
		*ret = !e;                                                                         \
		return e ? e : msg_encode_##name(&m, w);                                           \
	}
#define U32(field)
#define U64(field)
#define FIXED(field, len)
#define TEXT(field, max)
#define BLOB(field, max, unit)
#define END(name)
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"

#define MESSAGE(ID, name, number, direction) [number] = round_trip_##name,
#define U32(field)
#define U64(field)
#define FIXED(field, len)
#define TEXT(field, max)
#define BLOB(field, max, unit)
#define END(name)
static round_trip_fn *const round_trips[MSG_TYPES] = {
#include "remotetrans/wire/msg.def"
};
#include "remotetrans/wire/msg_undef.h"

static bool decodes(const struct frame *f)
{
	static uint8_t encoded[BODY_MAX];
	struct buf_reader r = frame_reader(f);
	struct buf_writer w = buf_writer_over(encoded, sizeof(encoded));
	bool decoded;
	const struct err *e = round_trips[f->type](&r, &w, &decoded);

	if (!decoded) {
		HOLDS(e->kind == ERR_PROTO);
		return false;
	}
	HOLDS(!e);
	HOLDS(w.used_bytes == f->len_bytes);
	HOLDS(!f->len_bytes || memcmp(encoded, f->body, f->len_bytes) == 0);
	return true;
}

void message_check(const struct frame *f)
{
	(void)decodes(f);
}

/* --- records --------------------------------------------------------------------------------- */

/* What was decoded, encoded and decoded again, is the same; all else is PROTO. */
#define PAYLOAD_CHECK(name, type)                                                                  \
	static void check_##name(const struct record *rec)                                         \
	{                                                                                          \
		uint8_t bytes[512];                                                                \
		struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));                       \
		struct record again = {.payload = bytes};                                          \
		struct type first, second;                                                         \
		memset(&first, 0, sizeof(first));                                                  \
		memset(&second, 0, sizeof(second));                                                \
		const struct err *e = record_##name##_decode(rec, &first);                         \
                                                                                                   \
		HOLDS(!e || e->kind == ERR_PROTO);                                                 \
		if (e)                                                                             \
			return;                                                                    \
		HOLDS(!record_##name##_encode(&first, &w));                                        \
		again.payload_bytes = (uint32_t)w.used_bytes;                                      \
		HOLDS(again.payload_bytes == rec->payload_bytes);                                  \
		HOLDS(!record_##name##_decode(&again, &second));                                   \
		HOLDS(memcmp(&first, &second, sizeof(first)) == 0);                                \
	}
PAYLOAD_CHECK(vcpu, vcpu)
PAYLOAD_CHECK(info, vm_info)
PAYLOAD_CHECK(snapshot, snapshot_event)

static void check_header(const struct record_header *h, const uint8_t *bytes)
{
	uint8_t encoded[RTVMM_HEADER_BYTES];
	struct buf_writer w = buf_writer_over(encoded, sizeof(encoded));

	HOLDS(!record_header_encode(h, &w) && w.used_bytes == sizeof(encoded));
	HOLDS(memcmp(encoded, bytes, sizeof(encoded)) == 0);
}

static void records_check(const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct record_header h;
	struct msg_records m;
	struct record rec;

	if (f->type != MSG_RECORDS || msg_decode_records(&r, &m))
		return;
	r = buf_reader_over(m.bytes.bytes, m.bytes.len_bytes);
	for (const uint8_t *start = r.at; !record_header_decode(&r, &h); start = r.at) {
		check_header(&h, start);
		if (buf_skip(&r, RTVMM_TAG_BYTES) ||
		    buf_read_view(&r, h.payload_bytes, &rec.payload))
			return;
		rec.payload_bytes = h.payload_bytes;
		check_vcpu(&rec);
		check_info(&rec);
		check_snapshot(&rec);
	}
}

void messages_check(const uint8_t *bytes, size_t len_bytes, enum msg_direction direction)
{
	struct buf_reader r = buf_reader_over(bytes, len_bytes);
	const uint8_t *head;
	struct frame f;

	while (!buf_read_view(&r, FRAME_HEAD_BYTES, &head) &&
	       !frame_head_decode(head, direction, &f) &&
	       !buf_read_view(&r, f.len_bytes, &f.body)) {
		message_check(&f);
		records_check(&f);
	}
}

void messages_check_whole(const uint8_t *bytes, size_t len_bytes, enum msg_direction direction)
{
	struct buf_reader r = buf_reader_over(bytes, len_bytes);

	while (buf_reader_left(&r)) {
		const uint8_t *head;
		struct frame f;

		HOLDS(!buf_read_view(&r, FRAME_HEAD_BYTES, &head));
		HOLDS(!frame_head_decode(head, direction, &f));
		HOLDS(!buf_read_view(&r, f.len_bytes, &f.body));
		HOLDS(decodes(&f));
	}
}

const struct err *message_append(struct buf_writer *out, uint16_t type, uint16_t request,
				 const uint8_t *body, size_t len_bytes)
{
	if (FRAME_HEAD_BYTES + len_bytes > out->size_bytes - out->used_bytes)
		return ERR(ERR_PROTO, "too long");
	TRY(buf_write_u32(out, (uint32_t)len_bytes));
	TRY(buf_write_u16(out, type));
	TRY(buf_write_u16(out, request));
	return buf_write_bytes(out, body, len_bytes);
}
