/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two bounded cursors: all parsing and all encoding of foreign bytes goes through them.
 *
 * Input: attacker-controlled. A failed read leaves cursor and output untouched and raises PROTO;
 * a decoder ends with buf_reader_end(). Integers are little-endian unless the name says _be.
 */
#ifndef RT_BASE_BUF_H
#define RT_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

struct buf_reader {
	const uint8_t *at;  /* borrowed */
	const uint8_t *end; /* one past the last byte */
};

struct buf_writer {
	uint8_t *start; /* borrowed */
	size_t used_bytes;
	size_t size_bytes;
};

struct buf_reader buf_reader_over(const void *bytes, size_t len_bytes);
size_t buf_reader_left(const struct buf_reader *r);
MUST_CHECK const struct err *buf_read_u8(struct buf_reader *r, uint8_t *ret);
MUST_CHECK const struct err *buf_read_u16(struct buf_reader *r, uint16_t *ret);
MUST_CHECK const struct err *buf_read_u32(struct buf_reader *r, uint32_t *ret);
MUST_CHECK const struct err *buf_read_u64(struct buf_reader *r, uint64_t *ret);
/* Copy exactly @len_bytes out. */
MUST_CHECK const struct err *buf_read_bytes(struct buf_reader *r, void *ret, size_t len_bytes);
/* Borrow exactly @len_bytes in place. */
MUST_CHECK const struct err *buf_read_view(struct buf_reader *r, size_t len_bytes,
					   const uint8_t **ret);
MUST_CHECK const struct err *buf_skip(struct buf_reader *r, size_t len_bytes);
/* A NUL-terminated string in place; PROTO when no NUL is left. */
MUST_CHECK const struct err *buf_read_cstr(struct buf_reader *r, const char **ret);
/* PROTO unless every byte was consumed. */
MUST_CHECK const struct err *buf_reader_end(const struct buf_reader *r);

struct buf_writer buf_writer_over(void *bytes, size_t size_bytes);
MUST_CHECK const struct err *buf_write_u8(struct buf_writer *w, uint8_t v);
MUST_CHECK const struct err *buf_write_u16(struct buf_writer *w, uint16_t v);
MUST_CHECK const struct err *buf_write_u32(struct buf_writer *w, uint32_t v);
MUST_CHECK const struct err *buf_write_u64(struct buf_writer *w, uint64_t v);
MUST_CHECK const struct err *buf_write_bytes(struct buf_writer *w, const void *bytes,
					     size_t len_bytes);

#endif
