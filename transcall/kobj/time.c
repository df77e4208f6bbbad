/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's clocks. Input: attacker-controlled, but for the registers. */
#include "transcall/kobj/time.h"

#include "transcall/kobj/clocksource.h"

#define NSEC_PER_SEC UINT64_C(1000000000)
#define SHIFT_MAX    63

/* tkr_mono and the offsets of struct timekeeper. */
struct timekeeper {
	gva_t clock;
	uint64_t mask, cycle_last, mult, shift, xtime_nsec, base;
	int64_t offs_real, offs_boot;
};

/* struct tk_data is named since 6.13; before, the timekeeper follows the sequence counter, aligned.
 */
static gva_t timekeeper_at(const struct kernel *k)
{
	gva_t core = kernel_symbol(k, S_tk_core);
	uint64_t seq_bytes = k->profile->sizes[SIZE_seqcount_raw_spinlock];

	if (profile_has(k->profile, F_tk_data_timekeeper))
		return kfield_at(k, core, F_tk_data_timekeeper);
	return gva_add(core, (seq_bytes + 7) & ~UINT64_C(7));
}

static const struct err *timekeeper_read(const struct kernel *k, struct timekeeper *ret)
{
	gva_t at = timekeeper_at(k);
	uint32_t sequence;

	TRY(kread_u32(k, kernel_symbol(k, S_tk_core), &sequence));
	TRY(kfield_ptr(k, at, F_timekeeper_clock, &ret->clock));
	TRY(kfield_uint(k, at, F_timekeeper_mask, &ret->mask));
	TRY(kfield_uint(k, at, F_timekeeper_cycle_last, &ret->cycle_last));
	TRY(kfield_uint(k, at, F_timekeeper_mult, &ret->mult));
	TRY(kfield_uint(k, at, F_timekeeper_shift, &ret->shift));
	TRY(kfield_uint(k, at, F_timekeeper_xtime_nsec, &ret->xtime_nsec));
	TRY(kfield_uint(k, at, F_timekeeper_base, &ret->base));
	TRY(kfield_int(k, at, F_timekeeper_offs_real, &ret->offs_real));
	TRY(kfield_int(k, at, F_timekeeper_offs_boot, &ret->offs_boot));
	if (sequence & 1)
		return ERR(ERR_RACE, "the guest is changing its clocks");
	if (ret->shift > SHIFT_MAX)
		return ERR_AT(ERR_FAULT, at.v, "a clock shift of %llu",
			      (unsigned long long)ret->shift);
	return NULL;
}

/* timekeeping_get_ns(): a counter that went back counts as not moved. */
static uint64_t cycles_to_ns(const struct timekeeper *tk, uint64_t cycles)
{
	uint64_t delta = (cycles - tk->cycle_last) & tk->mask;

	if (delta & ~(tk->mask >> 1))
		delta = 0;
	__extension__ unsigned __int128 ns = (unsigned __int128)delta * tk->mult + tk->xtime_nsec;
	return (uint64_t)(ns >> tk->shift);
}

/* The latest monotonic time that memory tells of: last tick, or a CPU's last step into or in idle.
 */
static const struct err *latest_known(const struct kernel *k, uint64_t *monotonic_ns)
{
	uint64_t ns;

	TRY(kread_u64(k, kernel_symbol(k, S_last_jiffies_update), &ns));
	if (ns > *monotonic_ns)
		*monotonic_ns = ns;
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		gva_t ts = kernel_percpu(k, S_tick_cpu_sched, cpu);

		TRY(kfield_uint(k, ts, F_tick_sched_idle_entrytime, &ns));
		if (ns > *monotonic_ns)
			*monotonic_ns = ns;
	}
	return NULL;
}

/* tick_do_update_jiffies64(), which a reader in the guest would have caused by waking the CPU. */
static const struct err *jiffies_at(const struct kernel *k, uint64_t monotonic_ns, uint64_t *ret)
{
	uint64_t updated_ns, tick_ns = NSEC_PER_SEC / k->hz;

	TRY(kread_u64(k, kernel_symbol(k, S_jiffies_64), ret));
	TRY(kread_u64(k, kernel_symbol(k, S_last_jiffies_update), &updated_ns));
	if (updated_ns && monotonic_ns > updated_ns)
		*ret += (monotonic_ns - updated_ns) / tick_ns;
	return NULL;
}

const struct err *time_read(const struct kernel *k, struct ktime *ret)
{
	struct timekeeper tk;
	uint64_t cycles;

	TRY(timekeeper_read(k, &tk));
	TRY(clocksource_read(k, tk.clock, &cycles, &ret->current));
	if (!ret->current)
		cycles = tk.cycle_last;
	ret->monotonic_ns = tk.base + cycles_to_ns(&tk, cycles);
	if (!ret->current)
		TRY(latest_known(k, &ret->monotonic_ns));
	ret->boottime_ns = ret->monotonic_ns + (uint64_t)tk.offs_boot;
	ret->realtime_ns = ret->monotonic_ns + (uint64_t)tk.offs_real;
	ret->boot_realtime_ns = (uint64_t)tk.offs_real - (uint64_t)tk.offs_boot;
	return jiffies_at(k, ret->monotonic_ns, &ret->jiffies);
}

const struct err *time_offsets_of_task(const struct kernel *k, gva_t task, struct time_offsets *ret)
{
	int64_t sec, nsec;
	gva_t proxy, ns;

	TRY(kfield_ptr(k, task, F_task_struct_nsproxy, &proxy));
	TRY(kfield_ptr(k, proxy, F_nsproxy_time, &ns));
	TRY(kfield_int(k, ns, F_time_namespace_monotonic_sec, &sec));
	TRY(kfield_int(k, ns, F_time_namespace_monotonic_nsec, &nsec));
	ret->monotonic_ns = (int64_t)((uint64_t)sec * NSEC_PER_SEC + (uint64_t)nsec);
	TRY(kfield_int(k, ns, F_time_namespace_boottime_sec, &sec));
	TRY(kfield_int(k, ns, F_time_namespace_boottime_nsec, &nsec));
	ret->boottime_ns = (int64_t)((uint64_t)sec * NSEC_PER_SEC + (uint64_t)nsec);
	return NULL;
}
