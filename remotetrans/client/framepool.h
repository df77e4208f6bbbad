/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * framepool - pages that several frame caches hold together: the one that readers see, and the one
 * that the next snapshot is filled into. What is given up is used again.
 */
#ifndef RT_CLIENT_FRAMEPOOL_H
#define RT_CLIENT_FRAMEPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/addr.h"
#include "remotetrans/base/err.h"

struct framepage {
	uint8_t bytes[FRAME_BYTES];
	unsigned holders;
	struct framepage *next; /* that nobody holds */
};

struct framepool {
	struct framepage **slabs; /* owned */
	size_t slab_count;
	struct framepage *unheld;
};

/* All zero is an empty pool. */
void framepool_deinit(struct framepool *p);

/* A page of any contents, held by the caller. SYSTEM: no memory. */
MUST_CHECK const struct err *framepool_take(struct framepool *p, struct framepage **ret);

/* One more holder of @page, and one less; NULL is no page. */
void framepool_hold(struct framepage *page);
void framepool_give(struct framepool *p, struct framepage *page);

#endif
