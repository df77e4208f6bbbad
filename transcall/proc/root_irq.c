/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/irq (kernel/irq/proc.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/irq.h"
#include "transcall/proc/bitmap.h"

typedef const struct err *affinity_fn(const struct kernel *k, gva_t desc, struct cpu_set *ret);
typedef void print_fn(const uint8_t *bits, unsigned count, FILE *out);

/* The files of a line were registered with its number. */
static const struct err *line_of(struct proc_view *view, const struct proc_node *node, gva_t *ret)
{
	uint64_t irq;

	TRY(kfield_uint(view->kernel, node->registered, F_proc_dir_entry_data, &irq));
	return irq_find(view->kernel, (uint32_t)irq, ret);
}

static const struct err *set_print(const struct kernel *k, const struct cpu_set *set,
				   print_fn *print, FILE *out)
{
	print((const uint8_t *)set->bits, k->cpu_count, out);
	fputc('\n', out);
	return NULL;
}

static const struct err *affinity_print(struct proc_view *view, const struct proc_node *node,
					affinity_fn *read, print_fn *print, FILE *out)
{
	struct cpu_set set;
	gva_t desc;

	TRY(line_of(view, node, &desc));
	TRY(read(view->kernel, desc, &set));
	return set_print(view->kernel, &set, print, out);
}

const struct err *irq_smp_affinity(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return affinity_print(view, node, irq_affinity, bitmap_print_hex, out);
}

const struct err *irq_smp_affinity_list(struct proc_view *view, const struct proc_node *node,
					FILE *out)
{
	return affinity_print(view, node, irq_affinity, bitmap_print_list, out);
}

const struct err *irq_effective(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return affinity_print(view, node, irq_effective_affinity, bitmap_print_hex, out);
}

const struct err *irq_effective_list(struct proc_view *view, const struct proc_node *node,
				     FILE *out)
{
	return affinity_print(view, node, irq_effective_affinity, bitmap_print_list, out);
}

const struct err *irq_hint(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return affinity_print(view, node, irq_affinity_hint, bitmap_print_hex, out);
}

const struct err *irq_default(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct cpu_set set;

	(void)node;
	TRY(cpu_set_of(view->kernel, kernel_symbol(view->kernel, S_irq_default_affinity), 0, &set));
	return set_print(view->kernel, &set, bitmap_print_hex, out);
}

/* irq_common_data_get_node(): 0 without NUMA */
const struct err *irq_node(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	int64_t number = 0;
	gva_t desc;

	TRY(line_of(view, node, &desc));
	if (profile_has(view->kernel->profile, F_irq_desc_node))
		TRY(kfield_int(view->kernel, desc, F_irq_desc_node, &number));
	fprintf(out, "%d\n", (int)(int32_t)number);
	return NULL;
}

const struct err *irq_spurious(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint64_t count, unhandled, last;
	gva_t desc;

	TRY(line_of(view, node, &desc));
	TRY(kfield_uint(k, desc, F_irq_desc_irq_count, &count));
	TRY(kfield_uint(k, desc, F_irq_desc_irqs_unhandled, &unhandled));
	TRY(kfield_uint(k, desc, F_irq_desc_last_unhandled, &last));
	fprintf(out, "count %" PRIu32 "\nunhandled %" PRIu32 "\nlast_unhandled %" PRIu32 " ms\n",
		(uint32_t)count, (uint32_t)unhandled, (uint32_t)(last * 1000 / k->hz));
	return NULL;
}
