/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/pressure (psi_show(), kernel/sched/psi.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/psi.h"

#define FRACTION(v) (((v) & ((1u << LOAD_SHIFT) - 1)) * 100 >> LOAD_SHIFT)

static void line_print(const char *label, const struct psi_line *line, FILE *out)
{
	static const unsigned seconds[PSI_AVERAGES] = {10, 60, 300};

	fputs(label, out);
	for (unsigned i = 0; i < PSI_AVERAGES; i++)
		fprintf(out, " avg%u=%" PRIu64 ".%02" PRIu64, seconds[i],
			line->average[i] >> LOAD_SHIFT, FRACTION(line->average[i]));
	fprintf(out, " total=%" PRIu64 "\n", line->total_us);
}

const struct err *root_pressure(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	static const char *const names[] = {[PSI_RESOURCE_IO] = "io",
					    [PSI_RESOURCE_MEMORY] = "memory",
					    [PSI_RESOURCE_CPU] = "cpu"};
	enum psi_resource resource = PSI_RESOURCE_IO;
	uint64_t now_ns;
	struct psi psi;

	while (resource < PSI_RESOURCE_CPU && strcmp(names[resource], node->name) != 0)
		resource++;
	TRY(psi_clock(view->kernel, &now_ns));
	TRY(psi_read(view->kernel, resource, now_ns, &psi));
	line_print("some", &psi.some, out);
	if (psi.has_full)
		line_print("full", &psi.full, out);
	return NULL;
}

/* Writable, for everybody, since 5.12: about when the CPU got a line more. */
const struct err *root_pressure_attr(struct proc_view *view, const struct proc_node *node,
				     struct stat *ret)
{
	(void)node;
	if (!view->kernel->profile->enumerators[E_PSI_CPU_FULL].present)
		ret->st_mode = (ret->st_mode & ~(mode_t)0777) | 0444;
	return NULL;
}
