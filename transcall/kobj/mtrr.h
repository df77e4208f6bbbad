/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mtrr - memory type ranges, as the kernel found them in the registers when it booted, and changed
 * them since (mtrr_state, arch/x86/kernel/cpu/mtrr/generic.c).
 */
#ifndef TC_KOBJ_MTRR_H
#define TC_KOBJ_MTRR_H

#include "transcall/kobj/kernel.h"

#define MTRR_RANGES_MAX 256 /* MTRR_MAX_VAR_RANGES */

struct mtrr_range {
	uint64_t base_pages, size_pages; /* size_pages 0: not in use */
	uint8_t type;
	uint32_t users;
};

/* How many there are, used or not. Return: NULL; ABSENT: none are known; RACE; FAULT; fatal. */
MUST_CHECK const struct err *mtrr_count(const struct kernel *k, unsigned *ret);
/* Range @i < mtrr_count(). */
MUST_CHECK const struct err *mtrr_read(const struct kernel *k, unsigned i, struct mtrr_range *ret);

#endif
