/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /sys/devices/system/{cpu,node}: what there is. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <stdlib.h>
#include <string.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/node.h"

#define LIST_BYTES    1024
#define NR_CPUS_FIELD F_task_struct_cpus_mask

static const struct err *print_mask(struct proc_view *view, enum cpu_mask which, FILE *out)
{
	char list[LIST_BYTES];
	struct cpu_set set;

	TRY(cpu_set_read(view->kernel, which, &set));
	cpu_set_print(&set, list, sizeof(list));
	fprintf(out, "%s\n", list);
	return NULL;
}

const struct err *sys_cpu_online(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	return print_mask(view, CPU_ONLINE, out);
}

const struct err *sys_cpu_possible(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	return print_mask(view, CPU_POSSIBLE, out);
}

const struct err *sys_cpu_present(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	return print_mask(view, CPU_PRESENT, out);
}

/* NR_CPUS - 1: a cpumask has one bit for each. */
const struct err *sys_cpu_kernel_max(struct proc_view *view, const struct proc_node *node,
				     FILE *out)
{
	(void)node;
	fprintf(out, "%u\n", view->kernel->profile->fields[NR_CPUS_FIELD].size_bytes * 8 - 1);
	return NULL;
}

/* The number behind @prefix; -1: @name is not of that form. */
static int number_of(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);
	char *end;

	if (strncmp(name, prefix, len) != 0 || name[len] < '0' || name[len] > '9')
		return -1;
	unsigned long v = strtoul(name + len, &end, 10);
	if (*end || v >= VCPUS_MAX || (name[len] == '0' && name[len + 1]))
		return -1;
	return (int)v;
}

const struct err *sys_cpu_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
			       void *context)
{
	struct cpu_set present;
	char name[16];

	(void)dir;
	TRY(cpu_set_read(view->kernel, CPU_PRESENT, &present));
	for (unsigned cpu = 0; cpu < VCPUS_MAX; cpu++) {
		snprintf(name, sizeof(name), "cpu%u", cpu);
		if (cpu_set_has(&present, cpu) && !emit(context, name, NODE_DIR))
			break;
	}
	return NULL;
}

const struct err *sys_cpu_find(struct proc_view *view, const struct proc_node *dir,
			       struct proc_node *ret)
{
	int cpu = number_of(ret->name, "cpu");
	struct cpu_set present;

	(void)dir;
	TRY(cpu_set_read(view->kernel, CPU_PRESENT, &present));
	if (cpu < 0 || !cpu_set_has(&present, (unsigned)cpu))
		return ERR(ERR_ABSENT, "the guest has no %s", ret->name);
	ret->number = (uint32_t)cpu;
	return NULL;
}

const struct err *sys_node_online(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct cpu_set set = {0}; /* prints any small set */
	char list[LIST_BYTES];

	(void)node;
	TRY(node_online(view->kernel, &set.bits[0]));
	cpu_set_print(&set, list, sizeof(list));
	fprintf(out, "%s\n", list);
	return NULL;
}

const struct err *sys_node_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
				void *context)
{
	uint64_t online;
	char name[16];

	(void)dir;
	TRY(node_online(view->kernel, &online));
	for (unsigned i = 0; i < NODES_MAX; i++) {
		snprintf(name, sizeof(name), "node%u", i);
		if (online >> i & 1 && !emit(context, name, NODE_DIR))
			break;
	}
	return NULL;
}

const struct err *sys_node_find(struct proc_view *view, const struct proc_node *dir,
				struct proc_node *ret)
{
	int number = number_of(ret->name, "node");
	uint64_t online;

	(void)dir;
	TRY(node_online(view->kernel, &online));
	if (number < 0 || number >= NODES_MAX || !(online >> number & 1))
		return ERR(ERR_ABSENT, "the guest has no %s", ret->name);
	ret->number = (uint32_t)number;
	return NULL;
}
