/* SPDX-License-Identifier: GPL-2.0-or-later */
/* span - borrowed bytes and, for parts of a kernel image, the address they are linked at. */
#ifndef KP_SPAN_H
#define KP_SPAN_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/buf.h"

struct span {
	const uint8_t *bytes; /* borrowed */
	size_t len_bytes;
	uint64_t address; /* of bytes[0]; 0 when it has none */
};

static inline struct buf_reader span_reader(const struct span *s)
{
	return buf_reader_over(s->bytes, s->len_bytes);
}

#endif
