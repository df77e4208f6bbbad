/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * foreign - frames of a guest that lie in no file: mapped in chunks as they are asked for, and
 * kept.
 *
 * A kept mapping keeps the guest's page allocated, also after the guest has given it back or has
 * ended: so none outlives a pause in the walks (FOREIGN_KEEP_MS), and there are not too many.
 */
#ifndef RT_SERVER_FOREIGN_H
#define RT_SERVER_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/addr.h"
#include "remotetrans/base/err.h"

#define FOREIGN_CHUNK_FRAMES 64    /* in one call; one bit each in a word */
#define FOREIGN_CHUNKS_MAX   4096u /* 1 GiB; when it is reached, all are given up */
#define FOREIGN_SLOTS        (2 * FOREIGN_CHUNKS_MAX)
#define FOREIGN_KEEP_MS      2000

struct foreign;

struct foreign_ops {
	/* Get ready to map this one guest's frames, in the process that will, by the one descriptor
	 * that is opened for it. */
	MUST_CHECK const struct err *(*enter)(struct foreign *f);
	/* Read-only, FOREIGN_CHUNK_FRAMES frames from @first on; @ret_there: bit i: frame @first +
	 * i is RAM. NULL: none of them is. */
	const uint8_t *(*map)(struct foreign *f, uint64_t first, uint64_t *ret_there);
	void (*unmap)(struct foreign *f, const uint8_t *at);
	unsigned long map_ioctl; /* the ioctl that map() makes on its descriptor, besides mmap */
};

struct foreign_chunk {
	uint64_t number;   /* its first frame / FOREIGN_CHUNK_FRAMES, + 1; 0: a free slot */
	const uint8_t *at; /* NULL: no RAM in it */
	uint64_t there;
};

/* One guest. Backends put this first in their own structure; all else than these two is zero. */
struct foreign {
	const struct foreign_ops *ops;
	uint64_t max_frame;
	size_t count; /* of chunks */
	struct foreign_chunk chunks[FOREIGN_SLOTS];
};

/* The frame's FRAME_BYTES; good until the next call. NULL: not RAM of the guest. */
const uint8_t *foreign_frame(struct foreign *f, gfn_t frame);

/* Give all mappings up. */
void foreign_release(struct foreign *f);

#endif
