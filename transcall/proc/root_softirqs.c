/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/softirqs and execdomains. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#define SOFTIRQS_MAX 32
#define NAME_BYTES   16

static const struct err *line_print(const struct kernel *k, unsigned softirq, FILE *out)
{
	char name[NAME_BYTES];
	uint32_t count;
	gva_t at;

	TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_softirq_to_name), 8 * (uint64_t)softirq), &at));
	TRY(kread_str(k, at, name, sizeof(name)));
	fprintf(out, "%12s:", name);
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		at = kfield_at(k, kernel_percpu(k, S_kstat, cpu), F_kernel_stat_softirqs);
		TRY(kread_u32(k, gva_add(at, 4 * (uint64_t)softirq), &count));
		fprintf(out, " %10" PRIu32, count);
	}
	fputc('\n', out);
	return NULL;
}

const struct err *root_softirqs(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	unsigned count = k->profile->fields[F_kernel_stat_softirqs].size_bytes / 4;

	(void)node;
	fprintf(out, "%20s", "");
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++)
		fprintf(out, "CPU%-8u", cpu);
	fputc('\n', out);
	for (unsigned i = 0; i < count && i < SOFTIRQS_MAX; i++)
		TRY(line_print(k, i, out));
	return NULL;
}

/* kernel/exec_domain.c: the same in every kernel since 4.1, which dropped all other domains. */
const struct err *root_execdomains(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)view, (void)node;
	fputs("0-0\tLinux           \t[kernel]\n", out);
	return NULL;
}
