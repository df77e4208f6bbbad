/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts that a CPU took. Input: attacker-controlled. */
#include "transcall/kobj/cpu.h"

/* Until 7.0: what arch_irq_stat_cpu() (arch/x86/kernel/irq.c) adds up. */
static const enum field_id counters[] = {
	F_irq_cpustat_nmi,       F_irq_cpustat_apic_timer, F_irq_cpustat_spurious,
	F_irq_cpustat_apic_perf, F_irq_cpustat_irq_work,   F_irq_cpustat_icr_read_retry,
	F_irq_cpustat_resched,   F_irq_cpustat_call,       F_irq_cpustat_thermal,
	F_irq_cpustat_threshold,
};

static const struct err *add_field(const struct kernel *k, gva_t object, enum field_id id,
				   uint64_t *sum)
{
	uint64_t v;

	if (!profile_has(k->profile, id))
		return NULL;
	TRY(kfield_uint(k, object, id, &v));
	*sum += v;
	return NULL;
}

static const struct err *add_percpu_u32(const struct kernel *k, enum symbol_id id, unsigned cpu,
					uint64_t *sum)
{
	gva_t at = kernel_percpu(k, id, cpu);
	uint32_t v;

	if (gva_is_null(at))
		return NULL;
	TRY(kread_u32(k, at, &v));
	*sum += v;
	return NULL;
}

/* Only where something uses this vector. */
static const struct err *add_platform(const struct kernel *k, gva_t stat, uint64_t *sum)
{
	gva_t callback = kernel_symbol(k, S_x86_platform_ipi_callback), target;

	if (gva_is_null(callback))
		return NULL;
	TRY(kread_ptr(k, callback, &target));
	return gva_is_null(target) ? NULL : add_field(k, stat, F_irq_cpustat_x86_platform, sum);
}

/* Since 7.1: one array, all of it counted. */
static const struct err *add_array(const struct kernel *k, gva_t stat, uint64_t *sum)
{
	const struct field *f = &k->profile->fields[F_irq_cpustat_counts];

	for (uint32_t i = 0; i < f->size_bytes / 4; i++) {
		uint32_t v;

		TRY(kread_u32(k, gva_add(stat, f->offset_bytes + 4 * i), &v));
		*sum += v;
	}
	return NULL;
}

static const struct err *add_arch(const struct kernel *k, unsigned cpu, uint64_t *sum)
{
	gva_t stat = kernel_percpu(k, S_irq_stat, cpu);

	if (profile_has(k->profile, F_irq_cpustat_counts))
		return add_array(k, stat, sum);
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		TRY(add_field(k, stat, counters[i], sum));
	TRY(add_platform(k, stat, sum));
	TRY(add_percpu_u32(k, S_mce_exception_count, cpu, sum));
	return add_percpu_u32(k, S_mce_poll_count, cpu, sum);
}

const struct err *cpu_irqs_read(const struct kernel *k, unsigned cpu, struct cpu_irqs *ret)
{
	gva_t stat = kernel_percpu(k, S_kstat, cpu);
	gva_t soft = kfield_at(k, stat, F_kernel_stat_softirqs);

	TRY(kfield_uint(k, stat, F_kernel_stat_irqs_sum, &ret->hard));
	for (unsigned i = 0; i < CPU_SOFTIRQS; i++)
		TRY(kread_u32(k, gva_add(soft, 4 * i), &ret->soft[i]));
	return add_arch(k, cpu, &ret->hard);
}
