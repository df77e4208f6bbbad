/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * needle - 32 bytes to look for in memory, which this process must not hold itself: a copy of its
 * own would be found.
 */
#ifndef TESTS_XEN_NEEDLE_H
#define TESTS_XEN_NEEDLE_H

#include <stddef.h>
#include <stdint.h>
#include <xenforeignmemory.h>

#include "remotetrans/base/err.h"

#define NEEDLE_BYTES  32u
#define NEEDLE_HALF   (NEEDLE_BYTES / 2)
#define NEEDLE_FRAMES 1024u /* mapped at once */
#define NEEDLE_PAGE   4096u

/* The bytes are mask ^ masked; volatile, so that no compiler puts them together. */
struct needle {
	volatile uint8_t mask[NEEDLE_BYTES], masked[NEEDLE_BYTES];
	uint64_t found; /* of both halves, each by itself */
};

/* Take @bytes; they are still the caller's to wipe. */
MUST_CHECK const struct err *needle_take(struct needle *n, const uint8_t bytes[NEEDLE_BYTES]);

/* Count each half at every offset of @memory. */
void needle_search(struct needle *n, const uint8_t *memory, size_t len_bytes);

/**
 * needle_search_frames() - search all that can be mapped of @first..@end - 1
 * @domid:      whose frames: a domain's number, or Xen's DOMID_SELF, _IO, _XEN
 * @needles:    @count of them
 * @ret_mapped: out: frames that could be mapped
 */
void needle_search_frames(xenforeignmemory_handle *handle, uint32_t domid, uint64_t first,
			  uint64_t end, struct needle *needles, unsigned count,
			  uint64_t *ret_mapped);

#endif
