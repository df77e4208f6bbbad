/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numafault - what NUMA balancing has counted of a task (kernel/sched/fair.c). */
#ifndef TC_KOBJ_NUMAFAULT_H
#define TC_KOBJ_NUMAFAULT_H

#include "transcall/kobj/node.h"

/* task_numa_group_id(); 0: of no group, or the kernel does not balance. */
MUST_CHECK const struct err *numafault_group_id(const struct kernel *k, gva_t task, int64_t *ret);

/* The node of CPU @cpu. Return: NULL; RACE: there is no such CPU; FAULT; fatal. */
MUST_CHECK const struct err *numafault_cpu_node(const struct kernel *k, unsigned cpu, int32_t *ret);

/* Faults on memory of one node, as show_numa_stats() counts them; 0 where nothing was counted. */
struct numafault {
	uint64_t task_shared, task_private;
	uint64_t group_shared, group_private;
};
/* @node: below NODES_MAX. Only where profile_has(F_task_struct_numa_group). */
MUST_CHECK const struct err *numafault_read(const struct kernel *k, gva_t task, unsigned node,
					    struct numafault *ret);

#endif
