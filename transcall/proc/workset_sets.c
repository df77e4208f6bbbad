/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of working sets. Input: none. */
#include "transcall/proc/workset.h"

uint64_t workset_pages_of(uint32_t number)
{
	return WORKSET_PAGES | (uint64_t)number << WORKSET_NUMBER_SHIFT;
}

uint64_t workset_join(uint64_t a, uint64_t b)
{
	uint64_t number = (a >> WORKSET_NUMBER_SHIFT) | (b >> WORKSET_NUMBER_SHIFT);

	if (a & b & WORKSET_PAGES && a >> WORKSET_NUMBER_SHIFT != b >> WORKSET_NUMBER_SHIFT)
		number = 0;
	return ((a | b) & WORKSET_ALL) | number << WORKSET_NUMBER_SHIFT;
}
