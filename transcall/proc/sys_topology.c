/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /sys/devices/system: which CPUs belong together. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <string.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/cpuinfo.h"
#include "transcall/proc/bitmap.h"

/* A list for files that are called so, else hexadecimal. */
static void print_set(struct proc_view *view, const struct proc_node *node,
		      const struct cpu_set *set, FILE *out)
{
	unsigned count = view->kernel->cpu_count; /* nr_cpu_ids, at most VCPUS_MAX */
	uint8_t bits[VCPUS_MAX / 8] = {0};

	for (unsigned cpu = 0; cpu < VCPUS_MAX; cpu++)
		if (cpu_set_has(set, cpu))
			bits[cpu / 8] |= (uint8_t)(1u << cpu % 8);
	if (strstr(node->name, "list"))
		bitmap_print_list(bits, count, out);
	else
		bitmap_print_hex(bits, count, out);
	fputc('\n', out);
}

static const struct err *print_percpu(struct proc_view *view, const struct proc_node *node,
				      enum symbol_id id, FILE *out)
{
	gva_t mask = kernel_percpu(view->kernel, id, node->number);
	struct cpu_set set;

	TRY(cpu_set_of(view->kernel, mask, 0, &set));
	print_set(view, node, &set, out);
	return NULL;
}

const struct err *sys_cpu_core_siblings(struct proc_view *view, const struct proc_node *node,
					FILE *out)
{
	return print_percpu(view, node, S_cpu_core_map, out);
}

const struct err *sys_cpu_thread_siblings(struct proc_view *view, const struct proc_node *node,
					  FILE *out)
{
	return print_percpu(view, node, S_cpu_sibling_map, out);
}

const struct err *sys_cpu_core_id(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct cpuinfo c;

	TRY(cpuinfo_read(view->kernel, node->number, &c));
	fprintf(out, "%u\n", c.core_id);
	return NULL;
}

const struct err *sys_cpu_package(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct cpuinfo c;

	TRY(cpuinfo_read(view->kernel, node->number, &c));
	fprintf(out, "%u\n", c.package_id);
	return NULL;
}

/* cpumask_of_node() & cpu_online_mask; without NUMA there is one node. */
const struct err *sys_node_cpus(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	gva_t masks = kernel_symbol(view->kernel, S_node_to_cpumask_map);
	struct cpu_set online, set;

	TRY(cpu_set_read(view->kernel, CPU_ONLINE, &online));
	set = online;
	if (!gva_is_null(masks))
		TRY(cpu_set_of(view->kernel, masks, node->number, &set));
	for (unsigned i = 0; i < VCPUS_MAX / 64; i++)
		set.bits[i] &= online.bits[i];
	print_set(view, node, &set, out);
	return NULL;
}
