/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blob - bytes on the heap, with an owner. */
#ifndef KP_BLOB_H
#define KP_BLOB_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct blob {
	uint8_t *bytes; /* owned; NULL when empty */
	size_t len_bytes;
};

static inline void blob_deinit(struct blob *b)
{
	free(b->bytes);
	*b = (struct blob){0};
}

#define AUTO_BLOB __attribute__((cleanup(blob_deinit)))

#endif
