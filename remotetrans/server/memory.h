/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory - a guest's RAM, mapped read-only from a local file, or frame by frame from the VMM: for
 * the walk, whose result is only a hint, and for memory images.
 */
#ifndef RT_SERVER_MEMORY_H
#define RT_SERVER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/addr.h"
#include "remotetrans/base/err.h"
#include "remotetrans/server/foreign.h"

#define MEMORY_RANGES_MAX 64

struct memory_range {
	uint64_t first_frame, frames;
	uint64_t offset; /* in the file */
};

struct memory {
	const uint8_t *bytes; /* owned mapping */
	size_t len_bytes;
	struct memory_range ranges[MEMORY_RANGES_MAX]; /* ascending */
	size_t range_count;
	struct foreign *foreign; /* borrowed; NULL: all of it lies in the file */
};

/* Map a file of plain RAM, laid out as QEMU's @machine does. USAGE: cannot be used. */
MUST_CHECK const struct err *memory_open_raw(struct memory *m, const char *path,
					     const char *machine);

/* Map an ELF core (QEMU's dump-guest-memory): its PT_LOAD segments by physical address. */
MUST_CHECK const struct err *memory_open_elf(struct memory *m, const char *path);

/* Either, by the file's first bytes. */
MUST_CHECK const struct err *memory_open(struct memory *m, const char *path, const char *machine);

/* All zero is closed. */
void memory_deinit(struct memory *m);

/* The frame's FRAME_BYTES in the mapping; NULL: not RAM. Where it is foreign, good until the next.
 */
const uint8_t *memory_frame(const struct memory *m, gfn_t frame);

uint64_t memory_max_frame(const struct memory *m);
/* What lies in the file. */
uint64_t memory_ram_bytes(const struct memory *m);

#endif
