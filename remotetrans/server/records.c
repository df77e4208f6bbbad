/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing row of records. */
#include "remotetrans/server/records.h"

#include <errno.h>
#include <stdlib.h>

#include "remotetrans/wire/record.h"

#define ENDS_FIRST 1024

void records_deinit(struct records *r)
{
	free(r->bytes);
	free(r->ends);
	*r = (struct records){0};
}

void records_clear(struct records *r)
{
	r->used_bytes = 0;
	r->count = 0;
}

const struct err *records_reserve(struct records *r, size_t len_bytes, uint8_t **ret)
{
	size_t wanted = r->used_bytes + len_bytes;

	if (wanted > RECORDS_BYTES_MAX)
		return ERR(ERR_USAGE, "more records than one answer may have");
	if (wanted > r->size_bytes) {
		size_t size = wanted > 2 * r->size_bytes ? wanted : 2 * r->size_bytes;
		uint8_t *bytes = realloc(r->bytes, size);

		if (!bytes)
			return ERR_ERRNO(ERR_SYSTEM, errno, "records");
		r->bytes = bytes;
		r->size_bytes = size;
	}
	*ret = r->bytes + r->used_bytes;
	return NULL;
}

const struct err *records_added(struct records *r, size_t len_bytes)
{
	if (r->count == r->ends_size) {
		size_t size = r->ends_size ? 2 * r->ends_size : ENDS_FIRST;
		size_t *ends = reallocarray(r->ends, size, sizeof(*ends));

		if (!ends)
			return ERR_ERRNO(ERR_SYSTEM, errno, "records");
		r->ends = ends;
		r->ends_size = size;
	}
	r->used_bytes += len_bytes;
	r->ends[r->count++] = r->used_bytes;
	return NULL;
}

uint8_t *records_at(const struct records *r, size_t index, size_t *ret_len_bytes)
{
	size_t start = index ? r->ends[index - 1] : 0;

	*ret_len_bytes = r->ends[index] - start;
	return r->bytes + start;
}

const struct err *records_length(const uint8_t *head, size_t *ret)
{
	struct buf_reader r = buf_reader_over(head, RTVMM_HEADER_BYTES);
	struct record_header h;
	uint32_t payload_bytes;

	TRY(record_header_decode(&r, &h));
	if (!record_payload_bytes(h.type, &payload_bytes) || payload_bytes != h.payload_bytes)
		return ERR(ERR_PROTO, "record of type %u with %u bytes of payload", h.type,
			   h.payload_bytes);
	*ret = WIRE_RECORD_HEAD_BYTES + payload_bytes;
	return NULL;
}

const struct err *records_take(struct records *r, uint8_t **at, size_t *len_bytes, uint32_t *left)
{
	while (*left && *len_bytes >= WIRE_RECORD_HEAD_BYTES) {
		size_t record_bytes;

		TRY(records_length(*at, &record_bytes));
		if (*len_bytes < record_bytes)
			return NULL;
		TRY(records_added(r, record_bytes));
		*at += record_bytes;
		*len_bytes -= record_bytes;
		--*left;
	}
	return NULL;
}
