/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What CPUs spent their time on. Input: attacker-controlled. */
#include "transcall/kobj/cpu.h"

#define TS_FLAG_IDLE_ACTIVE 4u /* BIT(2), kernel/time/tick-sched.h since 6.9 */
#define NSEC_PER_USEC       1000u

static const struct err *cpustat(const struct kernel *k, gva_t stat, enum enumerator_id which,
				 uint64_t *ret)
{
	const struct field *f = &k->profile->fields[F_kernel_cpustat_cpustat];
	int64_t index = k->profile->enumerators[which].value;

	if (index < 0 || index >= f->size_bytes / 8)
		return ERR(ERR_PROFILE, "CPU time number %lld", (long long)index);
	return kread_u64(k, gva_add(stat, f->offset_bytes + 8 * (uint64_t)index), ret);
}

/* Is the CPU idle now, waiting for input or output (*ret_iowait) or not, and since when? */
struct idle {
	bool active, iowait;
	uint64_t since_ns;
};

static const struct err *waits_for_io(const struct kernel *k, unsigned cpu, bool *ret)
{
	uint64_t waiting;

	TRY(kfield_uint(k, kernel_percpu(k, S_runqueues, cpu), F_rq_nr_iowait, &waiting));
	*ret = waiting != 0;
	return NULL;
}

static uint64_t idle_add(const struct idle *idle, bool iowait, const struct ktime *now,
			 uint64_t stolen_ns)
{
	if (!idle->active || idle->iowait != iowait || now->monotonic_ns <= idle->since_ns)
		return 0;
	uint64_t delta = now->monotonic_ns - idle->since_ns;
	return delta > stolen_ns ? delta - stolen_ns : 0;
}

/* Since 7.1 (kcpustat_field_dyntick()): CPU statistics count idle time precisely themselves. */
static const struct err *idle_of_cpustat(const struct kernel *k, unsigned cpu,
					 const struct ktime *now, struct cpu_times *ret)
{
	gva_t stat = kernel_percpu(k, S_kernel_cpustat, cpu);
	gva_t stolen = kfield_at(k, stat, F_kernel_cpustat_idle_stealtime);
	uint64_t active, stolen_ns[2];
	struct idle idle;

	TRY(kfield_uint(k, stat, F_kernel_cpustat_idle_elapse, &active));
	TRY(kfield_uint(k, stat, F_kernel_cpustat_idle_entrytime, &idle.since_ns));
	TRY(kread_u64(k, stolen, &stolen_ns[0]));
	TRY(kread_u64(k, gva_add(stolen, 8), &stolen_ns[1]));
	TRY(waits_for_io(k, cpu, &idle.iowait));
	idle.active = active != 0;
	ret->idle += idle_add(&idle, false, now, stolen_ns[0]);
	ret->iowait += idle_add(&idle, true, now, stolen_ns[1]);
	return NULL;
}

static const struct err *tick_idle_active(const struct kernel *k, gva_t ts, bool *ret)
{
	uint64_t v;

	if (profile_has(k->profile, F_tick_sched_idle_active)) {
		TRY(kfield_uint(k, ts, F_tick_sched_idle_active, &v));
		*ret = v != 0;
		return NULL;
	}
	TRY(kfield_uint(k, ts, F_tick_sched_flags, &v));
	*ret = (v & TS_FLAG_IDLE_ACTIVE) != 0;
	return NULL;
}

/* Until 7.0 (get_idle_time(), get_cpu_idle_time_us()): an online CPU's, in whole microseconds. */
static const struct err *idle_of_tick(const struct kernel *k, unsigned cpu, const struct ktime *now,
				      struct cpu_times *ret)
{
	gva_t ts = kernel_percpu(k, S_tick_cpu_sched, cpu);
	uint64_t idle_ns, iowait_ns;
	struct idle idle;

	TRY(tick_idle_active(k, ts, &idle.active));
	TRY(waits_for_io(k, cpu, &idle.iowait));
	TRY(kfield_uint(k, ts, F_tick_sched_idle_entrytime, &idle.since_ns));
	TRY(kfield_uint(k, ts, F_tick_sched_idle_sleeptime, &idle_ns));
	TRY(kfield_uint(k, ts, F_tick_sched_iowait_sleeptime, &iowait_ns));
	idle_ns += idle_add(&idle, false, now, 0);
	iowait_ns += idle_add(&idle, true, now, 0);
	ret->idle = idle_ns - idle_ns % NSEC_PER_USEC;
	ret->iowait = iowait_ns - iowait_ns % NSEC_PER_USEC;
	return NULL;
}

const struct err *cpu_times_read(const struct kernel *k, unsigned cpu, bool online,
				 const struct ktime *now, struct cpu_times *ret)
{
	gva_t stat = kernel_percpu(k, S_kernel_cpustat, cpu);
	uint32_t nohz;

	TRY(cpustat(k, stat, E_CPUTIME_USER, &ret->user));
	TRY(cpustat(k, stat, E_CPUTIME_NICE, &ret->nice));
	TRY(cpustat(k, stat, E_CPUTIME_SYSTEM, &ret->system));
	TRY(cpustat(k, stat, E_CPUTIME_IDLE, &ret->idle));
	TRY(cpustat(k, stat, E_CPUTIME_IOWAIT, &ret->iowait));
	TRY(cpustat(k, stat, E_CPUTIME_IRQ, &ret->irq));
	TRY(cpustat(k, stat, E_CPUTIME_SOFTIRQ, &ret->softirq));
	TRY(cpustat(k, stat, E_CPUTIME_STEAL, &ret->steal));
	TRY(cpustat(k, stat, E_CPUTIME_GUEST, &ret->guest));
	TRY(cpustat(k, stat, E_CPUTIME_GUEST_NICE, &ret->guest_nice));
	if (profile_has(k->profile, F_kernel_cpustat_idle_elapse))
		return idle_of_cpustat(k, cpu, now, ret);
	TRY(kread_u32(k, kernel_symbol(k, S_tick_nohz_active), &nohz));
	if (!nohz || !online)
		return NULL;
	return idle_of_tick(k, cpu, now, ret);
}
