/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lies of compressed records about themselves. */
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "remotetrans/wire/pack.h"
#include "tests/adversary/hostile.h"

#define BOMB_BYTES   (256u << 20)
#define GATHERED_MAX (8u * WIRE_RECORDS_BYTES_MAX)

/* @packed instead of @m. */
static const struct err *send_packed(const struct message *m, const struct msg_packed *packed)
{
	size_t size = FRAME_HEAD_BYTES + 12 + (size_t)packed->bytes.len_bytes;
	uint8_t *bytes = malloc(size);
	struct buf_writer w = buf_writer_over(bytes, size);
	uint16_t request;

	memcpy(&request, m->bytes + 6, sizeof(request));
	if (!bytes || buf_write_u32(&w, (uint32_t)(size - FRAME_HEAD_BYTES)) ||
	    buf_write_u16(&w, MSG_PACKED) || buf_write_u16(&w, request) ||
	    msg_encode_packed(packed, &w))
		abort();
	hostile_lied();
	const struct err *e = message_really(m, bytes, size);
	free(bytes);
	return e;
}

/* False: @m is no RECORDS message. */
static bool records_of(const struct message *m, struct msg_records *ret)
{
	struct buf_reader r =
		buf_reader_over(m->bytes + FRAME_HEAD_BYTES, m->len_bytes - FRAME_HEAD_BYTES);

	return m->type == MSG_RECORDS && !msg_decode_records(&r, ret);
}

static struct msg_packed pack(const struct msg_records *records)
{
	static struct packer p;
	struct msg_packed packed;

	if (!pack_records(&p, records, &packed))
		abort();
	return packed;
}

/* Good, but not asked for. */
const struct err *message_packed_uninvited(const struct message *m)
{
	struct msg_records records;

	if (!records_of(m, &records))
		return message_really(m, m->bytes, m->len_bytes);
	struct msg_packed packed = pack(&records);
	return send_packed(m, &packed);
}

/* More than it is. */
const struct err *message_packed_size(const struct message *m)
{
	struct msg_records records;

	if (!records_of(m, &records) || records.bytes.len_bytes > WIRE_RECORDS_BYTES_MAX / 2)
		return message_really(m, m->bytes, m->len_bytes);
	struct msg_packed packed = pack(&records);
	packed.unpacked_bytes += 8;
	return send_packed(m, &packed);
}

/* Far less than it is. */
const struct err *message_packed_bomb(const struct message *m)
{
	struct msg_packed packed = {.count = 1, .unpacked_bytes = WIRE_RECORD_BYTES_MAX};
	void *zeros = calloc(1, BOMB_BYTES);
	uint8_t *bytes = malloc(ZSTD_compressBound(BOMB_BYTES));

	if (!zeros || !bytes)
		abort();
	packed.bytes.bytes = bytes;
	packed.bytes.len_bytes = (uint32_t)ZSTD_compress(bytes, ZSTD_compressBound(BOMB_BYTES),
							 zeros, BOMB_BYTES, 1);
	const struct err *e = m->type == MSG_RECORDS ? send_packed(m, &packed)
						     : message_really(m, m->bytes, m->len_bytes);
	free(bytes);
	free(zeros);
	return e;
}

/* A whole answer, of good records, as one message: more than one message may have. */
const struct err *message_packed_long(const struct message *m)
{
	static uint8_t bytes[GATHERED_MAX];
	static struct msg_records all = {.bytes.bytes = bytes};
	struct msg_records records;

	if (records_of(m, &records) &&
	    records.bytes.len_bytes <= GATHERED_MAX - all.bytes.len_bytes) {
		memcpy(bytes + all.bytes.len_bytes, records.bytes.bytes, records.bytes.len_bytes);
		all.bytes.len_bytes += records.bytes.len_bytes;
		all.count += records.count;
		return NULL;
	}
	if (m->type == MSG_SNAPSHOT_DONE && all.count) {
		struct msg_packed packed = pack(&all);

		all.count = all.bytes.len_bytes = 0;
		TRY(send_packed(m, &packed));
	}
	return message_really(m, m->bytes, m->len_bytes);
}
