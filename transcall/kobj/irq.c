/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupt lines (kernel/irq/irqdesc.c). Input: attacker-controlled. */
#include "transcall/kobj/irq.h"

#include "transcall/kobj/maple.h"
#include "transcall/kobj/xarray.h"

#define IRQ_PER_CPU       (1u << 9) /* include/linux/irq.h */
#define IRQ_PER_CPU_DEVID (1u << 17)
#define IRQS_NMI          0x2000u /* kernel/irq/internals.h */

const struct err *irq_lines(const struct kernel *k, uint32_t *ret)
{
	TRY(kread_u32(k, kernel_symbol(k, S_nr_irqs), ret));
	if (*ret > IRQ_COUNT_MAX)
		return ERR(ERR_FAULT, "%u interrupt lines", *ret);
	return NULL;
}

/* Until 6.4 a radix tree. */
static const struct err *radix_next(const struct kernel *k, uint64_t *index, uint64_t *ret)
{
	uint64_t head;

	TRY(kfield_uint(k, kernel_symbol(k, S_irq_desc_tree), F_xarray_head, &head));
	return xarray_next(k, head, index, ret);
}

static const struct err *sparse_next(const struct kernel *k, uint64_t *index, uint64_t *ret)
{
	struct maple_range range;

	TRY(maple_next(k, kernel_symbol(k, S_sparse_irqs), *index, &range));
	if (range.first > *index)
		*index = range.first;
	*ret = range.entry;
	return NULL;
}

const struct err *irq_next(const struct kernel *k, uint32_t *irq, gva_t *ret_desc)
{
	bool sparse = gva_is_null(kernel_symbol(k, S_irq_desc_tree));
	uint64_t index = *irq, entry;

	*ret_desc = gva(0);
	TRY(sparse ? sparse_next(k, &index, &entry) : radix_next(k, &index, &entry));
	if (!entry || index >= IRQ_COUNT_MAX)
		return NULL;
	*irq = (uint32_t)index;
	*ret_desc = gva(entry);
	return NULL;
}

/* Counted once where all CPUs share the line; else by each CPU (struct irqstat begins with it). */
const struct err *irq_count(const struct kernel *k, gva_t desc, uint32_t *ret)
{
	uint64_t status, state, total;
	gva_t counts;

	*ret = 0;
	TRY(kfield_ptr(k, desc, F_irq_desc_kstat_irqs, &counts));
	TRY(kfield_uint(k, desc, F_irq_desc_status, &status));
	TRY(kfield_uint(k, desc, F_irq_desc_istate, &state));
	TRY(kfield_uint(k, desc, F_irq_desc_tot_count, &total));
	if (gva_is_null(counts))
		return NULL;
	if (!(status & (IRQ_PER_CPU | IRQ_PER_CPU_DEVID)) && !(state & IRQS_NMI)) {
		*ret = (uint32_t)total;
		return NULL;
	}
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		uint32_t count;

		TRY(kread_u32(k, gva_add(counts, k->percpu_base[cpu]), &count));
		*ret += count;
	}
	return NULL;
}

const struct err *irq_errors(const struct kernel *k, uint32_t *ret)
{
	gva_t at = kernel_symbol(k, S_irq_err_count);

	*ret = 0;
	return gva_is_null(at) ? NULL : kread_u32(k, at, ret);
}
