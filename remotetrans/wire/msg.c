/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Encoders and decoders of every message, made from msg.def. Input: attacker-controlled. */
#include "remotetrans/wire/msg.h"

#include <string.h>

#include "remotetrans/base/check.h"

static const struct err *text_encode(struct buf_writer *w, const char *text, size_t max_bytes)
{
	size_t len = strnlen(text, max_bytes);

	TRY(buf_write_u32(w, (uint32_t)len));
	return buf_write_bytes(w, text, len);
}

static const struct err *text_decode(struct buf_reader *r, char *ret, size_t max_bytes)
{
	const uint8_t *bytes;
	uint32_t len;

	TRY(buf_read_u32(r, &len));
	if (len > max_bytes)
		return ERR(ERR_PROTO, "text of %u bytes where %zu are allowed", len, max_bytes);
	TRY(buf_read_view(r, len, &bytes));
	for (uint32_t i = 0; i < len; i++)
		if (bytes[i] < ' ' || bytes[i] == 0x7f)
			return ERR(ERR_PROTO, "control character in a text");
	if (len)
		memcpy(ret, bytes, len);
	ret[len] = 0;
	return NULL;
}

static const struct err *blob_check(uint32_t len, uint32_t max_bytes, uint32_t unit)
{
	if (len > max_bytes || len % unit)
		return ERR(ERR_PROTO, "%u bytes where at most %u in units of %u are allowed", len,
			   max_bytes, unit);
	return NULL;
}

static const struct err *blob_encode(struct buf_writer *w, struct wire_view v, uint32_t max_bytes,
				     uint32_t unit)
{
	TRY(blob_check(v.len_bytes, max_bytes, unit));
	TRY(buf_write_u32(w, v.len_bytes));
	return buf_write_bytes(w, v.bytes, v.len_bytes);
}

static const struct err *blob_decode(struct buf_reader *r, struct wire_view *ret,
				     uint32_t max_bytes, uint32_t unit)
{
	struct wire_view v;

	TRY(buf_read_u32(r, &v.len_bytes));
	TRY(blob_check(v.len_bytes, max_bytes, unit));
	TRY(buf_read_view(r, v.len_bytes, &v.bytes));
	*ret = v;
	return NULL;
}

#define MESSAGE(ID, name, number, direction)                                                       \
	const struct err *msg_encode_##name(const struct msg_##name *m, struct buf_writer *w)      \
	{
#define U32(field)             TRY(buf_write_u32(w, m->field));
#define U64(field)             TRY(buf_write_u64(w, m->field));
#define FIXED(field, len)      TRY(buf_write_bytes(w, m->field, len));
#define TEXT(field, max)       TRY(text_encode(w, m->field, max));
#define BLOB(field, max, unit) TRY(blob_encode(w, m->field, max, unit));
#define END(name)                                                                                  \
	return NULL;                                                                               \
	}
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"

static const struct err *message_end(const struct buf_reader *r)
{
	return CHECK(left_over, !buf_reader_left(r)) ? NULL : buf_reader_end(r);
}

#define MESSAGE(ID, name, number, direction)                                                       \
	const struct err *msg_decode_##name(struct buf_reader *r, struct msg_##name *ret)          \
	{                                                                                          \
		struct msg_##name m;
#define U32(field)             TRY(buf_read_u32(r, &m.field));
#define U64(field)             TRY(buf_read_u64(r, &m.field));
#define FIXED(field, len)      TRY(buf_read_bytes(r, m.field, len));
#define TEXT(field, max)       TRY(text_decode(r, m.field, max));
#define BLOB(field, max, unit) TRY(blob_decode(r, &m.field, max, unit));
#define END(name)                                                                                  \
	TRY(message_end(r));                                                                       \
	*ret = m;                                                                                  \
	return NULL;                                                                               \
	}
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"

struct msg_row {
	const char *name;
	enum msg_direction direction;
	uint32_t body_max;
};

static const struct msg_row rows[MSG_TYPES] = {
#define MESSAGE(ID, name_, number, direction_) [number] = {#ID, direction_, 0
#define U32(field)                             +4
#define U64(field)                             +8
#define FIXED(field, len)                      +(len)
#define TEXT(field, max)                       +4 + (max)
#define BLOB(field, max, unit)                 +4 + (max)
#define END(name)                                                                                  \
	}                                                                                          \
	,
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"
};

const char *msg_name(unsigned type)
{
	return type < MSG_TYPES && rows[type].name ? rows[type].name : "?";
}

const struct err *msg_body_max(unsigned type, enum msg_direction direction, uint32_t *ret)
{
	if (type >= MSG_TYPES || !rows[type].name)
		return ERR(ERR_PROTO, "message of unknown type %u", type);
	if (rows[type].direction != direction)
		return ERR(ERR_PROTO, "message %s goes the other way", rows[type].name);
	*ret = rows[type].body_max;
	return NULL;
}
