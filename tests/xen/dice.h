/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dice - numbers that a seed determines, for tests (xorshift64*). */
#ifndef TESTS_XEN_DICE_H
#define TESTS_XEN_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

static inline uint64_t dice_roll(struct dice *d)
{
	d->state ^= d->state >> 12;
	d->state ^= d->state << 25;
	d->state ^= d->state >> 27;
	return d->state * 0x2545f4914f6cdd1dull;
}

static inline void dice_seed(struct dice *d, uint64_t seed)
{
	d->state = seed * 0x9e3779b97f4a7c15ull | 1;
	for (int i = 0; i < 8; i++)
		dice_roll(d);
}

/* Less than @n, which is not 0. */
static inline uint64_t dice_below(struct dice *d, uint64_t n)
{
	return (dice_roll(d) >> 8) % n;
}

static inline bool dice_percent(struct dice *d, unsigned percent)
{
	return dice_below(d, 100) < percent;
}

#define DICE_PICK(d, array) ((array)[dice_below(d, sizeof(array) / sizeof((array)[0]))])

#endif
