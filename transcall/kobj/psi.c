/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pressure stall information. Input: attacker-controlled. */
#include "transcall/kobj/psi.h"

#include <errno.h>

#include "transcall/kobj/runqueue.h"
#include "transcall/kobj/time.h"

#define STATES_MAX    8 /* enum psi_states has 7 */
#define PERIOD_NS     UINT64_C(2000000000)
#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_PER_USEC 1000
#define PERCENT       100

static const uint64_t decay[PSI_AVERAGES] = {1677, 1981, 2034}; /* EXP_10s, EXP_60s, EXP_300s */

/* Total times of the states but the last one, which is that a CPU is not idle. */
struct totals {
	unsigned count;
	uint64_t ns[STATES_MAX];
};

const struct err *psi_clock(const struct kernel *k, uint64_t *ret)
{
	uint64_t tick_ns;
	struct ktime now;

	TRY(time_read(k, &now));
	TRY(runqueue_clock(k, ret));
	TRY(kread_u64(k, kernel_symbol(k, S_last_jiffies_update), &tick_ns));
	if (now.monotonic_ns > tick_ns)
		*ret += now.monotonic_ns - tick_ns;
	return NULL;
}

/* get_recent_times(): what a CPU has added to each state since somebody last asked. */
static const struct err *cpu_times(const struct kernel *k, gva_t at, uint64_t now, unsigned count,
				   uint32_t ret[static STATES_MAX])
{
	uint64_t mask, start;

	TRY(kfield_uint(k, at, F_psi_group_cpu_state_mask, &mask));
	TRY(kfield_uint(k, at, F_psi_group_cpu_state_start, &start));
	for (unsigned i = 0; i < count; i++) {
		uint32_t before;

		TRY(kread_u32(k, gva_add(kfield_at(k, at, F_psi_group_cpu_times), 4 * i), &ret[i]));
		TRY(kread_u32(k, gva_add(kfield_at(k, at, F_psi_group_cpu_times_prev), 4 * i),
			      &before));
		if (mask >> i & 1 && now > start)
			ret[i] += (uint32_t)(now - start);
		ret[i] -= before;
	}
	return NULL;
}

/* collect_percpu_times(): each CPU counts as much as it was not idle. */
static const struct err *collect(const struct kernel *k, gva_t group, uint64_t now,
				 struct totals *ret)
{
	uint64_t sums[STATES_MAX] = {0}, weight = 0;
	uint32_t times[STATES_MAX];
	gva_t parts;

	TRY(kfield_ptr(k, group, F_psi_group_pcpu, &parts));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		gva_t at = gva_add(parts, k->percpu_base[cpu]);

		TRY(cpu_times(k, at, now, ret->count + 1, times));
		uint64_t busy = times[ret->count] / (NSEC_PER_SEC / k->hz);
		for (unsigned i = 0; i < ret->count; i++)
			sums[i] += times[i] * busy;
		weight += busy;
	}
	for (unsigned i = 0; i < ret->count; i++) {
		TRY(kread_u64(k, gva_add(kfield_at(k, group, F_psi_group_total), 8 * i),
			      &ret->ns[i]));
		ret->ns[i] += sums[i] / (weight ? weight : 1);
	}
	return NULL;
}

/* update_averages() of one state: at most once a period, and at once for those that were missed. */
static const struct err *averages(const struct kernel *k, gva_t group, unsigned state,
				  uint64_t total_ns, uint64_t now, struct psi_line *ret)
{
	uint64_t due, last, counted, missed = 0;
	gva_t at = kfield_at(k, group, F_psi_group_avg);

	for (unsigned i = 0; i < PSI_AVERAGES; i++)
		TRY(kread_u64(k, gva_add(at, 8 * (state * PSI_AVERAGES + i)), &ret->average[i]));
	TRY(kfield_uint(k, group, F_psi_group_avg_next_update, &due));
	TRY(kfield_uint(k, group, F_psi_group_avg_last_update, &last));
	TRY(kread_u64(k, gva_add(kfield_at(k, group, F_psi_group_avg_total), 8 * state), &counted));
	if (now < due)
		return NULL;
	missed = (now - due) / PERIOD_NS;
	uint64_t period = now - (last + missed * PERIOD_NS);
	uint64_t sample = (uint32_t)(total_ns - counted);
	if (!period)
		return NULL;
	sample = sample > period ? period : sample;
	for (unsigned i = 0; i < PSI_AVERAGES; i++) {
		uint64_t *average = &ret->average[i];

		if (missed)
			*average = load_decayed(*average, decay[i], 0, missed);
		*average = load_decayed(*average, decay[i], sample * PERCENT / period << LOAD_SHIFT,
					1);
	}
	return NULL;
}

static const struct err *line_read(const struct kernel *k, gva_t group, unsigned state,
				   const struct totals *totals, uint64_t now, struct psi_line *ret)
{
	if (state >= totals->count)
		return ERR(ERR_PROFILE, "pressure state %u of %u", state, totals->count);
	ret->total_us = totals->ns[state] / NSEC_PER_USEC;
	return averages(k, group, state, totals->ns[state], now, ret);
}

static const struct err *disabled(const struct kernel *k, bool *ret)
{
	TRY(kread_key(k, S_psi_disabled, ret));
	*ret = *ret || gva_is_null(kernel_symbol(k, S_psi_system));
	return NULL;
}

const struct err *psi_read(const struct kernel *k, enum psi_resource resource, uint64_t now,
			   struct psi *ret)
{
	gva_t group = kernel_symbol(k, S_psi_system);
	int64_t last_state = k->profile->enumerators[E_PSI_NONIDLE].value;
	struct totals totals = {.count = (unsigned)last_state};
	bool off;

	*ret = (struct psi){0};
	TRY(disabled(k, &off));
	if (off)
		return ERR_ERRNO(ERR_ABSENT, EOPNOTSUPP, "the guest keeps no account of pressure");
	if (last_state < 0 || last_state >= STATES_MAX)
		return ERR(ERR_PROFILE, "%lld pressure states", (long long)last_state);
	TRY(collect(k, group, now, &totals));
	TRY(line_read(k, group, 2 * resource, &totals, now, &ret->some));
	ret->has_full =
		resource != PSI_RESOURCE_CPU || k->profile->enumerators[E_PSI_CPU_FULL].present;
	if (resource == PSI_RESOURCE_CPU)
		return NULL;
	return line_read(k, group, 2 * resource + 1, &totals, now, &ret->full);
}
