/* SPDX-License-Identifier: GPL-2.0-or-later */
/* records - VMM records on their way to the client: bytes as the VMM made them, never looked into.
 */
#ifndef RT_SERVER_RECORDS_H
#define RT_SERVER_RECORDS_H

#include "remotetrans/base/buf.h"
#include "remotetrans/wire/msg.h"

struct records {
	uint8_t *bytes; /* owned; records one behind the other */
	size_t used_bytes, size_bytes;
	size_t *ends; /* owned; where each record ends */
	size_t count, ends_size;
};

#define RECORDS_BYTES_MAX ((size_t)1 << 30)

/* All zero is empty. */
void records_deinit(struct records *r);
void records_clear(struct records *r);

/* Room for @len_bytes behind the last record: *@ret; nothing is added yet. SYSTEM: no memory. */
MUST_CHECK const struct err *records_reserve(struct records *r, size_t len_bytes, uint8_t **ret);

/* The next @len_bytes, written where records_reserve() said, are one record. */
MUST_CHECK const struct err *records_added(struct records *r, size_t len_bytes);

/*
 * Take the complete ones of the *@left records at *@at, where records_reserve() said: *@at,
 * *@len_bytes and *@left are then those of what follows. PROTO: they are no records.
 */
MUST_CHECK const struct err *records_take(struct records *r, uint8_t **at, size_t *len_bytes,
					  uint32_t *left);

/* Record @index (< count): its bytes. */
uint8_t *records_at(const struct records *r, size_t index, size_t *ret_len_bytes);

/* Length of the record whose header and tag are at @head, which has WIRE_RECORD_HEAD_BYTES. */
MUST_CHECK const struct err *records_length(const uint8_t *head, size_t *ret);

#endif
