/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A cheap, repeatable generator (xorshift64*) for differential tests; prints nothing secret. */
#ifndef TESTS_UNIT_CORE_RANDOM_H
#define TESTS_UNIT_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dull;
}

static inline void random_fill(uint64_t *state, void *ret, size_t len_bytes)
{
	uint8_t *at = ret;

	for (size_t i = 0; i < len_bytes; i += sizeof(uint64_t)) {
		uint64_t v = random_next(state);
		size_t take = len_bytes - i < sizeof(v) ? len_bytes - i : sizeof(v);

		memcpy(at + i, &v, take);
	}
}

#endif
