/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store - private memory for what is copied out of the guest within one pause.
 *
 * There is one, lent to one connection at a time. As much of it as the last pauses took is there
 * before a pause begins, since a fresh page costs more than the copy into it. What does not fit
 * into all of it is tagged and sent within the pause.
 */
#ifndef VMMD_STORE_H
#define VMMD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

#define STORE_BYTES       ((size_t)512 << 20) /* at most: 125,000 frames */
#define STORE_FIRST_BYTES ((size_t)16 << 20)  /* 3,900 frames: some 350 processes */
#define STORE_KEEP_NS     10000000000ull

struct store {
	uint8_t *bytes;     /* owned; NULL: there is none */
	size_t ready_bytes; /* of it are there before a pause */
	size_t used_bytes;  /* since store_prepare(); may be more than there are */
	bool is_lent;
	uint64_t drop_at_ns; /* when the system may have its memory; 0: it may already */
};

MUST_CHECK const struct err *store_open(struct store *s);
void store_close(struct store *s);

/* Before a pause: get its memory from the system. */
void store_prepare(struct store *s);

void store_lend(struct store *s);
/* @used_bytes of it were needed. */
void store_take_back(struct store *s, size_t used_bytes, uint64_t now_ns);

/* Let the system have its memory when it was not used for long. */
void store_tend(struct store *s, uint64_t now_ns);

#endif
