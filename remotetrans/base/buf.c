/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded cursors. Input: attacker-controlled. */
#include "remotetrans/base/buf.h"

#include <string.h>

struct buf_reader buf_reader_over(const void *bytes, size_t len_bytes)
{
	const uint8_t *at = bytes;

	return (struct buf_reader){.at = at, .end = len_bytes ? at + len_bytes : at};
}

size_t buf_reader_left(const struct buf_reader *r)
{
	return (size_t)(r->end - r->at);
}

const struct err *buf_read_view(struct buf_reader *r, size_t len_bytes, const uint8_t **ret)
{
	if (len_bytes > buf_reader_left(r))
		return ERR(ERR_PROTO, "input ends early: %zu bytes wanted, %zu left", len_bytes,
			   buf_reader_left(r));
	*ret = r->at;
	if (len_bytes)
		r->at += len_bytes;
	return NULL;
}

const struct err *buf_read_bytes(struct buf_reader *r, void *ret, size_t len_bytes)
{
	const uint8_t *view;

	TRY(buf_read_view(r, len_bytes, &view));
	if (len_bytes)
		memcpy(ret, view, len_bytes);
	return NULL;
}

const struct err *buf_skip(struct buf_reader *r, size_t len_bytes)
{
	const uint8_t *view;

	return buf_read_view(r, len_bytes, &view);
}

static const struct err *read_le(struct buf_reader *r, size_t len_bytes, uint64_t *ret)
{
	const uint8_t *view;
	uint64_t v = 0;

	TRY(buf_read_view(r, len_bytes, &view));
	for (size_t i = len_bytes; i-- > 0;)
		v = v << 8 | view[i];
	*ret = v;
	return NULL;
}

const struct err *buf_read_u8(struct buf_reader *r, uint8_t *ret)
{
	uint64_t v;

	TRY(read_le(r, 1, &v));
	*ret = (uint8_t)v;
	return NULL;
}

const struct err *buf_read_u16(struct buf_reader *r, uint16_t *ret)
{
	uint64_t v;

	TRY(read_le(r, 2, &v));
	*ret = (uint16_t)v;
	return NULL;
}

const struct err *buf_read_u32(struct buf_reader *r, uint32_t *ret)
{
	uint64_t v;

	TRY(read_le(r, 4, &v));
	*ret = (uint32_t)v;
	return NULL;
}

const struct err *buf_read_u64(struct buf_reader *r, uint64_t *ret)
{
	return read_le(r, 8, ret);
}

const struct err *buf_read_cstr(struct buf_reader *r, const char **ret)
{
	size_t left = buf_reader_left(r);
	const uint8_t *nul = left ? memchr(r->at, 0, left) : NULL;

	if (!nul)
		return ERR(ERR_PROTO, "string without an end in the last %zu bytes", left);
	*ret = (const char *)r->at;
	r->at = nul + 1;
	return NULL;
}

const struct err *buf_reader_end(const struct buf_reader *r)
{
	if (r->at != r->end)
		return ERR(ERR_PROTO, "%zu bytes left over", buf_reader_left(r));
	return NULL;
}

struct buf_writer buf_writer_over(void *bytes, size_t size_bytes)
{
	return (struct buf_writer){.start = bytes, .size_bytes = size_bytes};
}

const struct err *buf_write_bytes(struct buf_writer *w, const void *bytes, size_t len_bytes)
{
	if (len_bytes > w->size_bytes - w->used_bytes)
		return ERR(ERR_PROTO, "message too long: %zu bytes do not fit in %zu", len_bytes,
			   w->size_bytes - w->used_bytes);
	if (len_bytes)
		memcpy(w->start + w->used_bytes, bytes, len_bytes);
	w->used_bytes += len_bytes;
	return NULL;
}

static const struct err *write_le(struct buf_writer *w, uint64_t v, size_t len_bytes)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < len_bytes; i++)
		bytes[i] = (uint8_t)(v >> (8 * i));
	return buf_write_bytes(w, bytes, len_bytes);
}

const struct err *buf_write_u8(struct buf_writer *w, uint8_t v)
{
	return write_le(w, v, 1);
}

const struct err *buf_write_u16(struct buf_writer *w, uint16_t v)
{
	return write_le(w, v, 2);
}

const struct err *buf_write_u32(struct buf_writer *w, uint32_t v)
{
	return write_le(w, v, 4);
}

const struct err *buf_write_u64(struct buf_writer *w, uint64_t v)
{
	return write_le(w, v, 8);
}
