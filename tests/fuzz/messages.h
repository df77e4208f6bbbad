/* SPDX-License-Identifier: GPL-2.0-or-later */
/* messages - properties of every wire message; a stream in memory in the place of TLS. */
#ifndef TESTS_FUZZ_MESSAGES_H
#define TESTS_FUZZ_MESSAGES_H

#include "remotetrans/wire/frame.h"
#include "tests/fuzz/fuzz.h"

/* What decodes encodes to the same bytes; what does not is PROTO. */
void message_check(const struct frame *f);

/* The same for as many messages as there are at the start of @bytes, and for records in them. */
void messages_check(const uint8_t *bytes, size_t len_bytes, enum msg_direction direction);

/* All of @bytes is whole messages that go in @direction, each of which decodes. */
void messages_check_whole(const uint8_t *bytes, size_t len_bytes, enum msg_direction direction);

/*
 * The other side of all streams (remotetrans/wire/stream.h, which this replaces): what is read
 * comes from @in; what is written is kept until the next call.
 */
void memory_stream_begin(const uint8_t *in, size_t len_bytes);
const uint8_t *memory_stream_written(size_t *ret_len_bytes);

/* The clock of all streams, in nanoseconds: stands still but for this. */
void memory_stream_clock_add(uint64_t ns);

/* A message of @type's head and body, appended to @out; PROTO when it does not fit. */
MUST_CHECK const struct err *message_append(struct buf_writer *out, uint16_t type, uint16_t request,
					    const uint8_t *body, size_t len_bytes);

#endif
