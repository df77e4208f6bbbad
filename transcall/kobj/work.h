/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * work - how much reading of guest memory one answer may cost.
 *
 * Each loop of a reader has a bound of its own, but a hostile guest can nest loops that are long:
 * this is the bound of their product. An answer has an allowance that any sound object stays
 * within; what it needs beyond is taken from a pool that all answers of a snapshot share. A unit is
 * about a read of some bytes. When both are used up, reads end in RACE.
 */
#ifndef TC_KOBJ_WORK_H
#define TC_KOBJ_WORK_H

#include <stdbool.h>
#include <stdint.h>

#define WORK_OWN  (1u << 16) /* a hundred times what a process' status needs */
#define WORK_POOL (1u << 25) /* some seconds */

struct work {
	uint64_t own;
	uint64_t pool;
};

/* All zero: both are used up. */
void work_fill(struct work *w, uint64_t pool); /* a new snapshot */
static inline void work_begin(struct work *w)  /* a new answer */
{
	w->own = WORK_OWN;
}

/* What was found as it should be, and has a bound of its own, need not count. */
static inline void work_give_back(struct work *w, uint64_t units)
{
	w->own += units;
}

/* For what an answer's own allowance does not suffice for. */
bool work_take_of_pool(struct work *w, uint64_t units);

/* False: that much is not left. */
static inline bool work_take(struct work *w, uint64_t units)
{
	if (units > w->own)
		return work_take_of_pool(w, units);
	w->own -= units;
	return true;
}

/* Is nothing left to go on with? */
bool work_is_used_up(const struct work *w);

#endif
