/* SPDX-License-Identifier: GPL-2.0-or-later */
/* swap - swap areas, the swap cache and compressed swap. In pages. */
#ifndef TC_KOBJ_SWAP_H
#define TC_KOBJ_SWAP_H

#include "transcall/kobj/kernel.h"

#define SWAP_AREAS_MAX 32 /* MAX_SWAPFILES, include/linux/swap.h */

struct swap_totals {
	uint64_t total, free; /* si_swapinfo() */
};
MUST_CHECK const struct err *swap_totals_read(const struct kernel *k, struct swap_totals *ret);

/* Pages in the swap caches of kernels that do not count them (until 5.11). */
MUST_CHECK const struct err *swap_cached(const struct kernel *k, uint64_t *ret);

struct swap_area {
	gva_t file; /* struct file; null: area not in use */
	uint64_t pages, used;
	int32_t priority;
};
/* Area @number. Return: NULL; ABSENT: no such area; FAULT; fatal. */
MUST_CHECK const struct err *swap_area_read(const struct kernel *k, unsigned number,
					    struct swap_area *ret);

/**
 * swap_users() - swp_swapcount(): how many page table entries stand for a slot
 * @type:  of the entry: the area's number
 * Return: NULL; ABSENT: there is no such area, so the entry stands for something else, or the
 * users are more than its map counts; RACE: no such slot; FAULT; fatal.
 */
MUST_CHECK const struct err *swap_users(const struct kernel *k, unsigned type, uint64_t offset,
					uint32_t *ret);
/* Is it the number of an area? Others are of entries that stand for something else. */
MUST_CHECK const struct err *swap_has_area(const struct kernel *k, unsigned type, bool *ret);

/* Compressed swap: bytes its pool takes, and pages stored. */
struct swap_compressed {
	bool present; /* this kernel has it, and shows it (since 5.19) */
	uint64_t pool_bytes;
	uint32_t stored_pages;
};
MUST_CHECK const struct err *swap_compressed_read(const struct kernel *k,
						  struct swap_compressed *ret);

#endif
