/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Load averages (kernel/sched/loadavg.c). Input: attacker-controlled. */
#include "transcall/kobj/load.h"

#define FIXED_1      (UINT64_C(1) << LOAD_SHIFT)
#define FREQ_SECONDS 5  /* LOAD_FREQ: 5 * HZ + 1 ticks */
#define LATE_TICKS   10 /* averages are taken 10 ticks after the CPUs counted */

static const uint64_t decay[3] = {1884, 2014, 2037}; /* EXP_1, EXP_5, EXP_15 */

/* calc_load() */
static uint64_t step(uint64_t load, uint64_t exp, uint64_t active)
{
	uint64_t v = load * exp + active * (FIXED_1 - exp);

	if (active >= load)
		v += FIXED_1 - 1;
	return v / FIXED_1;
}

/* fixed_power_int(): @x to the power of @n, rounded at each multiplication. */
static uint64_t power(uint64_t x, uint64_t n)
{
	uint64_t result = FIXED_1;

	for (; n; n >>= 1) {
		if (n & 1)
			result = (result * x + FIXED_1 / 2) >> LOAD_SHIFT;
		x = (x * x + FIXED_1 / 2) >> LOAD_SHIFT;
	}
	return result;
}

uint64_t load_decayed(uint64_t load, uint64_t exp, uint64_t active, uint64_t steps)
{
	return step(load, power(exp, steps), active);
}

/* Tasks that count, with what CPUs that sleep have not handed in yet (calc_load_nohz_read()). */
static const struct err *active_tasks(const struct kernel *k, uint64_t *ret)
{
	uint64_t tasks, folded;
	uint32_t index;

	TRY(kread_u64(k, kernel_symbol(k, S_calc_load_tasks), &tasks));
	TRY(kread_u32(k, kernel_symbol(k, S_calc_load_idx), &index));
	TRY(kread_u64(k, gva_add(kernel_symbol(k, S_calc_load_nohz), 8 * (index & 1)), &folded));
	int64_t sum = (int64_t)(tasks + folded);
	*ret = sum > 0 && sum < INT32_MAX ? (uint64_t)sum * FIXED_1 : 0;
	return NULL;
}

/* calc_global_load(), calc_global_nohz(): one step, then all that were missed since at once. */
static const struct err *catch_up(const struct kernel *k, uint64_t late_ticks, struct load *ret)
{
	uint64_t freq = FREQ_SECONDS * (uint64_t)k->hz + 1, active;

	TRY(active_tasks(k, &active));
	for (unsigned i = 0; i < 3; i++) {
		uint64_t *load = &ret->average[i];

		*load = step(*load, decay[i], active);
		if (late_ticks >= freq)
			*load = step(*load, power(decay[i], late_ticks / freq), active);
	}
	return NULL;
}

const struct err *load_read(const struct kernel *k, uint64_t jiffies, struct load *ret)
{
	uint64_t due;

	for (unsigned i = 0; i < 3; i++)
		TRY(kread_u64(k, gva_add(kernel_symbol(k, S_avenrun), 8 * i), &ret->average[i]));
	TRY(kread_u64(k, kernel_symbol(k, S_calc_load_update), &due));
	int64_t late_ticks = (int64_t)(jiffies - (due + LATE_TICKS));
	if (late_ticks >= 0)
		TRY(catch_up(k, (uint64_t)late_ticks, ret));
	return NULL;
}
