/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RAM layout of QEMU's PC machines. Input: frame numbers from an untrusted caller. */
#include "vmm/vmmd/layout.h"

#include <string.h>

#include "remotetrans/base/addr.h"

#define GIB (1ull << 30)

/* AMD's reserved range below 1 TiB moves the high part on some machines: hw/i386/pc.c */
#define HIGH_END_MAX (1012 * GIB)

static const char *const names[] = {[MACHINE_Q35] = "q35", [MACHINE_PC] = "pc"};

const struct err *machine_by_name(const char *name, enum machine *ret)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(name, names[i])) {
			*ret = (enum machine)i;
			return NULL;
		}
	}
	return ERR(ERR_USAGE, "unknown machine type '%s'; known: q35, pc", name);
}

const char *machine_name(enum machine machine)
{
	return names[machine];
}

/* pc_q35_init() in QEMU's hw/i386/pc_q35.c */
static uint64_t q35_low_limit(uint64_t ram_bytes, uint64_t max_below_4g)
{
	uint64_t limit = ram_bytes >= 0xb0000000 ? 0x80000000 : 0xb0000000;

	if (!max_below_4g)
		max_below_4g = 4 * GIB;
	return limit > max_below_4g ? max_below_4g : limit;
}

/* pc_init1() in QEMU's hw/i386/pc_piix.c, for machine types since pc-i440fx-2.0 */
static uint64_t pc_low_limit(uint64_t ram_bytes, uint64_t max_below_4g)
{
	uint64_t limit = max_below_4g ? max_below_4g : 0xe0000000;

	if (ram_bytes >= limit && limit > 0xc0000000)
		limit = 0xc0000000;
	return limit;
}

const struct err *layout_of(enum machine machine, uint64_t ram_bytes, uint64_t max_below_4g,
			    struct layout *ret)
{
	uint64_t limit = machine == MACHINE_Q35 ? q35_low_limit(ram_bytes, max_below_4g)
						: pc_low_limit(ram_bytes, max_below_4g);

	if (ram_bytes < (1u << 20) || ram_bytes % FRAME_BYTES)
		return ERR(ERR_USAGE, "%llu bytes of RAM: not a whole number of frames, or too few",
			   (unsigned long long)ram_bytes);
	ret->low_bytes = ram_bytes < limit ? ram_bytes : limit;
	ret->high_bytes = ram_bytes - ret->low_bytes;
	ret->legacy_hole = true;
	if (LAYOUT_HIGH_BASE + ret->high_bytes > HIGH_END_MAX)
		return ERR(ERR_USAGE, "%llu GiB of RAM: more than vmmd knows the layout of",
			   (unsigned long long)(ram_bytes / GIB));
	return NULL;
}

bool layout_offset(const struct layout *l, uint64_t frame, uint64_t *ret_offset)
{
	uint64_t high_first = LAYOUT_HIGH_BASE / FRAME_BYTES;

	if (l->legacy_hole && frame >= LAYOUT_LEGACY_FIRST && frame <= LAYOUT_LEGACY_LAST)
		return false;
	if (frame < l->low_bytes / FRAME_BYTES) {
		*ret_offset = frame * FRAME_BYTES;
		return true;
	}
	if (frame < high_first || frame - high_first >= l->high_bytes / FRAME_BYTES)
		return false;
	*ret_offset = l->low_bytes + (frame - high_first) * FRAME_BYTES;
	return true;
}

uint64_t layout_max_frame(const struct layout *l)
{
	uint64_t end = l->high_bytes ? LAYOUT_HIGH_BASE + l->high_bytes : l->low_bytes;

	return end / FRAME_BYTES - 1;
}
