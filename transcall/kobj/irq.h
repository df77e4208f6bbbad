/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irq - the guest's interrupt lines and how often each was raised. */
#ifndef TC_KOBJ_IRQ_H
#define TC_KOBJ_IRQ_H

#include "transcall/kobj/cpu.h"

#define IRQ_COUNT_MAX   65536 /* lines that we list; the kernel has NR_CPUS * 64 + 256 at most */
#define IRQ_NAME_BYTES  64
#define IRQ_ACTIONS_MAX 64 /* handlers of one line */

/* Number of lines: nr_irqs, at most IRQ_COUNT_MAX. */
MUST_CHECK const struct err *irq_lines(const struct kernel *k, uint32_t *ret);

/**
 * irq_next() - the first line in use at or after *@irq
 * @ret_desc: out: its struct irq_desc; null when there is none
 */
MUST_CHECK const struct err *irq_next(const struct kernel *k, uint32_t *irq, gva_t *ret_desc);

/* The line @irq; ABSENT: it is not in use. */
MUST_CHECK const struct err *irq_find(const struct kernel *k, uint32_t irq, gva_t *ret_desc);

/* What /proc/interrupts says of a line besides counts. */
struct irq_line {
	bool is_hidden;            /* it is not shown there */
	bool has_chip, has_domain; /* else chip, hwirq mean nothing */
	char chip[IRQ_NAME_BYTES]; /* "IO-APIC"; empty: it has no name */
	uint64_t hwirq;            /* number within the chip */
	char flow[IRQ_NAME_BYTES]; /* "edge"; empty: none */
	gva_t action;              /* first struct irqaction; null: none */
	gva_t counts;              /* per-CPU address; null: none */
};

/* Return: NULL; ABSENT: its chip has a function of its own to print it; FAULT; fatal. */
MUST_CHECK const struct err *irq_line_read(const struct kernel *k, gva_t desc,
					   struct irq_line *ret);

/* Name of the handler @action, and the next one of the line. */
MUST_CHECK const struct err *irq_action_read(const struct kernel *k, gva_t action,
					     char ret_name[static IRQ_NAME_BYTES], gva_t *ret_next);

/* The line's count on @cpu; 0 where it has none. */
MUST_CHECK const struct err *irq_count_on(const struct kernel *k, gva_t counts, unsigned cpu,
					  uint32_t *ret);

/* The CPUs that the line may go to, as was asked for, and that it goes to. */
MUST_CHECK const struct err *irq_affinity(const struct kernel *k, gva_t desc, struct cpu_set *ret);
MUST_CHECK const struct err *irq_effective_affinity(const struct kernel *k, gva_t desc,
						    struct cpu_set *ret);
/* What the driver suggests; empty: nothing. */
MUST_CHECK const struct err *irq_affinity_hint(const struct kernel *k, gva_t desc,
					       struct cpu_set *ret);

/* kstat_irqs(): sum over all CPUs. */
MUST_CHECK const struct err *irq_count(const struct kernel *k, gva_t desc, uint32_t *ret);

/* arch_irq_stat(): interrupts that belong to no CPU. */
MUST_CHECK const struct err *irq_errors(const struct kernel *k, uint32_t *ret);

#endif
