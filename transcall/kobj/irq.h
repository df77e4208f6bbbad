/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irq - the guest's interrupt lines and how often each was raised. */
#ifndef TC_KOBJ_IRQ_H
#define TC_KOBJ_IRQ_H

#include "transcall/kobj/kernel.h"

#define IRQ_COUNT_MAX 65536 /* lines that we list; the kernel has NR_CPUS * 64 + 256 at most */

/* Number of lines: nr_irqs, at most IRQ_COUNT_MAX. */
MUST_CHECK const struct err *irq_lines(const struct kernel *k, uint32_t *ret);

/**
 * irq_next() - the first line in use at or after *@irq
 * @ret_desc: out: its struct irq_desc; null when there is none
 */
MUST_CHECK const struct err *irq_next(const struct kernel *k, uint32_t *irq, gva_t *ret_desc);

/* kstat_irqs(): sum over all CPUs. */
MUST_CHECK const struct err *irq_count(const struct kernel *k, gva_t desc, uint32_t *ret);

/* arch_irq_stat(): interrupts that belong to no CPU. */
MUST_CHECK const struct err *irq_errors(const struct kernel *k, uint32_t *ret);

#endif
