/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/interrupts (kernel/irq/proc.c, arch/x86/kernel/irq.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/irq.h"
#include "transcall/proc/view.h"

#define LABEL_BYTES 8
#define TEXT_BYTES  64
#define WIDTH_MAX   10
#define CHIP_WIDTH  8
#define CHIPS_MAX   IRQ_NAME_BYTES
#define COUNTS_MAX  64 /* kinds of interrupts of the processor itself */

/* Columns: since 7.1 the kernel keeps widths, and has two blanks behind the counts. */
struct layout {
	struct cpu_set online;
	int width; /* of the first column and of hwirq */
	int chip_width;
	bool since_7_1;
};

static const struct err *layout_read(const struct kernel *k, struct layout *ret)
{
	gva_t kept = kernel_symbol(k, S_irq_proc_constraints);
	uint64_t width, chip_width;
	uint32_t lines;

	TRY(cpu_set_read(k, CPU_ONLINE, &ret->online));
	ret->since_7_1 = !gva_is_null(kept);
	ret->width = 3;
	ret->chip_width = CHIP_WIDTH;
	if (ret->since_7_1) {
		TRY(kfield_uint(k, kept, F_irq_proc_constraints_num_prec, &width));
		TRY(kfield_uint(k, kept, F_irq_proc_constraints_chip_width, &chip_width));
		ret->width = (int)(width < WIDTH_MAX ? width : WIDTH_MAX);
		ret->chip_width = (int)(chip_width < CHIPS_MAX ? chip_width : CHIPS_MAX);
		return NULL;
	}
	TRY(irq_lines(k, &lines));
	for (uint64_t reach = 1000; ret->width < WIDTH_MAX && reach <= lines; reach *= 10)
		ret->width++;
	return NULL;
}

/* --- devices ---------------------------------------------------------------------------------- */

static void header_print(const struct layout *l, FILE *out)
{
	fprintf(out, "%*s", l->width + 8, "");
	for (unsigned cpu = 0; cpu < VCPUS_MAX; cpu++)
		if (cpu_set_has(&l->online, cpu))
			fprintf(out, "CPU%-8u", cpu);
	fputc('\n', out);
}

/* Up to 7.0 a blank comes after each count, since then before it. */
static void count_print(const struct layout *l, uint32_t count, FILE *out)
{
	fprintf(out, l->since_7_1 ? " %10" PRIu32 : "%10" PRIu32 " ", count);
}

static void label_end(const struct layout *l, FILE *out)
{
	fputs(l->since_7_1 ? ":" : ": ", out);
}

static void chip_print(const struct layout *l, const struct irq_line *line, FILE *out)
{
	const char *chip = line->has_chip ? line->chip : "None";

	if (!*chip)
		chip = "-";
	if (l->since_7_1)
		fprintf(out, "  %-*s ", l->chip_width, chip);
	else
		fprintf(out, " %8s ", chip);
	if (line->has_domain)
		fprintf(out, "%*" PRIu64, l->width, line->hwirq);
	else
		fprintf(out, "%*s", l->width + l->since_7_1, "");
}

static const struct err *actions_print(const struct kernel *k, gva_t action, FILE *out)
{
	char name[IRQ_NAME_BYTES];

	for (unsigned i = 0; !gva_is_null(action); i++) {
		if (i == IRQ_ACTIONS_MAX)
			return ERR_AT(ERR_RACE, action.v, "a line's handlers do not end");
		TRY(irq_action_read(k, action, name, &action));
		fprintf(out, "%s%s", i ? ", " : "  ", name);
	}
	return NULL;
}

static const struct err *line_print(const struct kernel *k, const struct layout *l, uint32_t irq,
				    gva_t desc, FILE *out)
{
	struct irq_line line;
	uint32_t count;

	TRY(irq_line_read(k, desc, &line));
	if (line.is_hidden)
		return NULL;
	fprintf(out, "%*" PRIu32, l->width, irq);
	label_end(l, out);
	for (unsigned cpu = 0; cpu < VCPUS_MAX; cpu++) {
		if (!cpu_set_has(&l->online, cpu))
			continue;
		TRY(irq_count_on(k, line.counts, cpu, &count));
		count_print(l, count, out);
	}
	chip_print(l, &line, out);
	if (*line.flow)
		fprintf(out, "-%-8s", line.flow);
	TRY(actions_print(k, line.action, out));
	fputc('\n', out);
	return NULL;
}

static const struct err *lines_print(struct proc_view *view, const struct layout *l, FILE *out)
{
	const struct kernel *k = view->kernel;

	for (uint32_t irq = 0;; irq++) {
		long start = ftell(out);
		gva_t desc;
		const struct err *e = irq_next(k, &irq, &desc);

		if (!e && gva_is_null(desc))
			return NULL;
		if (!e)
			e = line_print(k, l, irq, desc, out);
		TRY(view_pass_line(view, out, start, e));
	}
}

/* --- the processor ---------------------------------------------------------------------------- */

/* A counter of each CPU: at @offset in what @symbol is. */
static const struct err *counts_print(const struct kernel *k, const struct layout *l,
				      enum symbol_id symbol, uint32_t offset, FILE *out)
{
	uint32_t count;

	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		if (!cpu_set_has(&l->online, cpu))
			continue;
		TRY(kread_u32(k, gva_add(kernel_percpu(k, symbol, cpu), offset), &count));
		count_print(l, count, out);
	}
	return NULL;
}

enum arch_kind { ARCH_COUNTER, ARCH_PER_CPU, ARCH_SINGLE };

struct arch_row {
	const char *label;
	enum arch_kind kind;
	enum field_id counter;
	enum symbol_id
		symbol;  /* of ARCH_COUNTER: a pointer that must not be null, or SYMBOL_COUNT */
	uint32_t vector; /* in use, or 0 */
	const char *text;
};

#define ARCH(label, counter, vector, text)                                                         \
	{label, ARCH_COUNTER, F_irq_cpustat_##counter, SYMBOL_COUNT, vector, text},
#define ARCH_IF(label, counter, symbol, text)                                                      \
	{label, ARCH_COUNTER, F_irq_cpustat_##counter, S_##symbol, 0, text},
#define ARCH_OF(label, symbol, text) {label, ARCH_PER_CPU, 0, S_##symbol, 0, text},
#define ARCH_ONE(label, symbol)      {label, ARCH_SINGLE, 0, S_##symbol, 0, NULL},
static const struct arch_row arch_rows[] = {
#include "transcall/proc/interrupts.def"
};
#undef ARCH
#undef ARCH_IF
#undef ARCH_OF
#undef ARCH_ONE

static const struct err *bit_read(const struct kernel *k, enum symbol_id bitmap, uint32_t bit,
				  bool *ret)
{
	uint64_t word;

	TRY(kread_u64(k, gva_add(kernel_symbol(k, bitmap), 8 * (uint64_t)(bit / 64)), &word));
	*ret = word >> bit % 64 & 1;
	return NULL;
}

static const struct err *arch_is_shown(const struct kernel *k, const struct arch_row *row,
				       bool *ret)
{
	gva_t pointer;

	*ret = row->kind == ARCH_COUNTER ? profile_has(k->profile, row->counter)
					 : k->profile->has_symbol[row->symbol];
	if (!*ret || row->kind != ARCH_COUNTER)
		return NULL;
	if (row->vector)
		return bit_read(k, S_system_vectors, row->vector, ret);
	if (row->symbol == SYMBOL_COUNT)
		return NULL;
	pointer = kernel_symbol(k, row->symbol);
	if (!gva_is_null(pointer))
		TRY(kread_ptr(k, pointer, &pointer));
	*ret = !gva_is_null(pointer);
	return NULL;
}

static const struct err *arch_row_print(const struct kernel *k, const struct layout *l,
					const struct arch_row *row, FILE *out)
{
	uint32_t count;
	bool shown;

	TRY(arch_is_shown(k, row, &shown));
	if (!shown)
		return NULL;
	fprintf(out, "%*s: ", l->width, row->label);
	if (row->kind == ARCH_SINGLE) {
		TRY(kread_u32(k, kernel_symbol(k, row->symbol), &count));
		fprintf(out, "%10" PRIu32 "\n", count);
		return NULL;
	}
	if (row->kind == ARCH_PER_CPU)
		TRY(counts_print(k, l, row->symbol, 0, out));
	else
		TRY(counts_print(k, l, S_irq_stat, k->profile->fields[row->counter].offset_bytes,
				 out));
	fprintf(out, "  %s\n", row->text);
	return NULL;
}

/* Since 7.1: an array of counters, and one of their labels and texts. */
static const struct err *arch_info_print(const struct kernel *k, const struct layout *l,
					 unsigned index, FILE *out)
{
	gva_t info = gva_add(kernel_symbol(k, S_irq_stat_info),
			     index * (uint64_t)k->profile->sizes[SIZE_irq_stat_info]);
	const struct field *counts = &k->profile->fields[F_irq_cpustat_counts];
	char label[LABEL_BYTES], text[TEXT_BYTES];
	gva_t at;

	TRY(kfield_ptr(k, info, F_irq_stat_info_symbol, &at));
	TRY(kread_str(k, at, label, sizeof(label)));
	TRY(kfield_ptr(k, info, F_irq_stat_info_text, &at));
	TRY(kread_str(k, at, text, sizeof(text)));
	fprintf(out, "%*s:", l->width, label);
	TRY(counts_print(k, l, S_irq_stat, counts->offset_bytes + 4 * index, out));
	fputs(text, out);
	return NULL;
}

static const struct err *arch_infos_print(const struct kernel *k, const struct layout *l, FILE *out)
{
	unsigned count = k->profile->fields[F_irq_cpustat_counts].size_bytes / 4;
	bool shown;

	for (unsigned i = 0; i < count && i < COUNTS_MAX; i++) {
		TRY(bit_read(k, S_irq_stat_count_show, i, &shown));
		if (shown)
			TRY(arch_info_print(k, l, i, out));
	}
	return NULL;
}

const struct err *root_interrupts(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct layout l;

	(void)node;
	TRY(layout_read(k, &l));
	header_print(&l, out);
	TRY(lines_print(view, &l, out));
	if (l.since_7_1)
		return arch_infos_print(k, &l, out);
	for (size_t i = 0; i < sizeof(arch_rows) / sizeof(arch_rows[0]); i++)
		TRY(arch_row_print(k, &l, &arch_rows[i], out));
	return NULL;
}
