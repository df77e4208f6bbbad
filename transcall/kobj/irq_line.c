/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of one interrupt line (kernel/irq/proc.c). Input: attacker-controlled. */
#include "transcall/kobj/irq.h"

#define IRQ_HIDDEN               (1u << 20) /* include/linux/irq.h, since 4.16 */
#define IRQD_SETAFFINITY_PENDING (1u << 8)  /* include/linux/irq.h */

const struct err *irq_find(const struct kernel *k, uint32_t irq, gva_t *ret_desc)
{
	uint32_t at = irq;

	TRY(irq_next(k, &at, ret_desc));
	if (gva_is_null(*ret_desc) || at != irq)
		return ERR(ERR_ABSENT, "the guest has no interrupt line %u", irq);
	return NULL;
}

/* The string that a member points to; "" where it points to none. */
static const struct err *text_read(const struct kernel *k, gva_t object, enum field_id id,
				   char ret[static IRQ_NAME_BYTES])
{
	gva_t at;

	*ret = 0;
	TRY(kfield_ptr(k, object, id, &at));
	return gva_is_null(at) ? NULL : kread_str(k, at, ret, IRQ_NAME_BYTES);
}

static const struct err *chip_read(const struct kernel *k, gva_t desc, struct irq_line *ret)
{
	gva_t chip, print, domain;

	ret->chip[0] = 0;
	TRY(kfield_ptr(k, desc, F_irq_desc_domain, &domain));
	TRY(kfield_ptr(k, desc, F_irq_desc_chip, &chip));
	ret->has_domain = !gva_is_null(domain);
	ret->has_chip = !gva_is_null(chip);
	if (!ret->has_chip)
		return NULL;
	TRY(kfield_ptr(k, chip, F_irq_chip_print, &print));
	if (!gva_is_null(print))
		return ERR_AT(ERR_ABSENT, chip.v, "an interrupt controller that prints itself");
	return text_read(k, chip, F_irq_chip_name, ret->chip);
}

/* Since 6.10 what has no handler is not shown; before, not what never came either. */
static const struct err *is_idle(const struct kernel *k, const struct irq_line *line, bool *ret)
{
	bool handled = !gva_is_null(line->action) &&
		       !gva_equal(line->action, kernel_symbol(k, S_chained_action));
	bool since_6_10 = profile_has(k->profile, F_irqstat_cnt);
	uint32_t count;

	*ret = since_6_10 ? !handled || gva_is_null(line->counts) : !handled;
	for (unsigned cpu = 0; *ret && !since_6_10 && cpu < k->cpu_count; cpu++) {
		TRY(irq_count_on(k, line->counts, cpu, &count));
		*ret = !count;
	}
	return NULL;
}

const struct err *irq_line_read(const struct kernel *k, gva_t desc, struct irq_line *ret)
{
	uint64_t status;
	bool idle;

	TRY(kfield_uint(k, desc, F_irq_desc_status, &status));
	TRY(kfield_ptr(k, desc, F_irq_desc_action, &ret->action));
	TRY(kfield_ptr(k, desc, F_irq_desc_kstat_irqs, &ret->counts));
	TRY(is_idle(k, ret, &idle));
	ret->is_hidden = idle || status & IRQ_HIDDEN;
	if (ret->is_hidden)
		return NULL;
	TRY(kfield_uint(k, desc, F_irq_desc_hwirq, &ret->hwirq));
	TRY(text_read(k, desc, F_irq_desc_name, ret->flow));
	return chip_read(k, desc, ret);
}

const struct err *irq_action_read(const struct kernel *k, gva_t action,
				  char ret_name[static IRQ_NAME_BYTES], gva_t *ret_next)
{
	TRY(text_read(k, action, F_irqaction_name, ret_name));
	return kfield_ptr(k, action, F_irqaction_next, ret_next);
}

const struct err *irq_count_on(const struct kernel *k, gva_t counts, unsigned cpu, uint32_t *ret)
{
	*ret = 0;
	if (gva_is_null(counts) || cpu >= k->cpu_count)
		return NULL;
	return kread_u32(k, gva_add(counts, k->percpu_base[cpu]), ret);
}

/* show_irq_affinity(): what was asked for and waits for the next interrupt, else what holds. */
const struct err *irq_affinity(const struct kernel *k, gva_t desc, struct cpu_set *ret)
{
	enum field_id id = F_irq_desc_affinity;
	uint64_t state;

	TRY(kfield_uint(k, desc, F_irq_desc_state, &state));
	if (state & IRQD_SETAFFINITY_PENDING && profile_has(k->profile, F_irq_desc_pending_mask))
		id = F_irq_desc_pending_mask;
	return cpu_set_of(k, kfield_at(k, desc, id), 0, ret);
}

const struct err *irq_effective_affinity(const struct kernel *k, gva_t desc, struct cpu_set *ret)
{
	return cpu_set_of(k, kfield_at(k, desc, F_irq_desc_effective_affinity), 0, ret);
}

const struct err *irq_affinity_hint(const struct kernel *k, gva_t desc, struct cpu_set *ret)
{
	gva_t at;

	*ret = (struct cpu_set){.count = 0};
	TRY(kfield_ptr(k, desc, F_irq_desc_affinity_hint, &at));
	return gva_is_null(at) ? NULL : cpu_set_at(k, at, ret);
}
