/* SPDX-License-Identifier: GPL-2.0-or-later */
/* load - load averages as a reader in the guest would see them now. */
#ifndef TC_KOBJ_LOAD_H
#define TC_KOBJ_LOAD_H

#include "transcall/kobj/kernel.h"

#define LOAD_SHIFT 11 /* FSHIFT: fixed-point bits of a load (include/linux/sched/loadavg.h) */

/* Loads over 1, 5 and 15 minutes, as in avenrun[]. */
struct load {
	uint64_t average[3];
};

/**
 * load_read() - get_avenrun() at @jiffies
 *
 * An idle guest brings its averages up to date when the next CPU wakes: so would a reader there.
 */
MUST_CHECK const struct err *load_read(const struct kernel *k, uint64_t jiffies, struct load *ret);

/*
 * calc_load_n(): @load after @steps steps towards @active, each of which leaves @decay of it.
 */
uint64_t load_decayed(uint64_t load, uint64_t decay, uint64_t active, uint64_t steps);

#endif
