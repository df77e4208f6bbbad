/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout - where QEMU's PC machines put RAM in the guest's physical address space.
 *
 *   0 .. low_bytes                 the start of the RAM file
 *   0xa0000 .. 0xbffff             the legacy video window; RAM shows there only without a video
 * card 4 GiB .. 4 GiB + high_bytes    the rest of the RAM file
 *
 * 0xc0000 .. 0xfffff is RAM: the firmware shadows itself and option ROMs there, and a chipset
 * register (PAM) decides whether the guest sees the shadow. What is served is the RAM.
 */
#ifndef VMMD_LAYOUT_H
#define VMMD_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

#define LAYOUT_HIGH_BASE    0x100000000ull
#define LAYOUT_LEGACY_FIRST 0xa0ull /* frames */
#define LAYOUT_LEGACY_LAST  0xbfull

enum machine {
	MACHINE_Q35,
	MACHINE_PC,
};

struct layout {
	uint64_t low_bytes;
	uint64_t high_bytes;
	bool legacy_hole; /* frames 0xa0 to 0xbf are a device's */
};

/* "q35", "pc"; USAGE for any other. */
MUST_CHECK const struct err *machine_by_name(const char *name, enum machine *ret);
const char *machine_name(enum machine machine);

/**
 * layout_of() - the split of @ram_bytes by the machine's rule
 * @max_below_4g: the machine's property max-ram-below-4g; 0: not set
 */
MUST_CHECK const struct err *layout_of(enum machine machine, uint64_t ram_bytes,
				       uint64_t max_below_4g, struct layout *ret);

/* Where @frame lies in the RAM file; false when it is not RAM. */
bool layout_offset(const struct layout *l, uint64_t frame, uint64_t *ret_offset);

/* The highest frame that is RAM. */
uint64_t layout_max_frame(const struct layout *l);

#endif
