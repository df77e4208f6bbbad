/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu - the guest's processors: which there are, what they spent their time on, their interrupts.
 */
#ifndef TC_KOBJ_CPU_H
#define TC_KOBJ_CPU_H

#include "transcall/kobj/time.h"

enum cpu_mask { CPU_POSSIBLE, CPU_PRESENT, CPU_ONLINE };

/* A set of CPUs below VCPUS_MAX. */
struct cpu_set {
	uint64_t bits[VCPUS_MAX / 64];
	unsigned count;
};
MUST_CHECK const struct err *cpu_set_read(const struct kernel *k, enum cpu_mask which,
					  struct cpu_set *ret);
/* A struct cpumask. */
MUST_CHECK const struct err *cpu_set_at(const struct kernel *k, gva_t mask, struct cpu_set *ret);
/* Element @index of an array of cpumask_var_t: pointers where masks are too large for the stack. */
MUST_CHECK const struct err *cpu_set_of(const struct kernel *k, gva_t mask, unsigned index,
					struct cpu_set *ret);
bool cpu_set_has(const struct cpu_set *set, unsigned cpu);

/* As cpumap_print_to_pagebuf() with list format: "0-3,5"; empty when there is none. */
void cpu_set_print(const struct cpu_set *set, char *ret, size_t size_bytes);

/* What /proc/stat shows of a CPU, in ns and in its order. */
struct cpu_times {
	uint64_t user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice;
};

/**
 * cpu_times_read() - as kcpustat_cpu_fetch() with the idle time up to @now
 *
 * Return: NULL; FAULT; fatal.
 */
MUST_CHECK const struct err *cpu_times_read(const struct kernel *k, unsigned cpu, bool online,
					    const struct ktime *now, struct cpu_times *ret);

#define CPU_SOFTIRQS 10 /* NR_SOFTIRQS */

/* Interrupts of a CPU: kstat_cpu_irqs_sum() + arch_irq_stat_cpu(), and soft ones by number. */
struct cpu_irqs {
	uint64_t hard;
	uint32_t soft[CPU_SOFTIRQS];
};
MUST_CHECK const struct err *cpu_irqs_read(const struct kernel *k, unsigned cpu,
					   struct cpu_irqs *ret);

/* Run queues: nr_running(), nr_iowait(), nr_context_switches(). */
struct cpu_queues {
	uint64_t switches;
	uint32_t running, iowait;
};
MUST_CHECK const struct err *cpu_queues_read(const struct kernel *k, struct cpu_queues *ret);

#endif
