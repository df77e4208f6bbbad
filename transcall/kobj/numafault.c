/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What NUMA balancing has counted. Input: attacker-controlled. */
#include "transcall/kobj/numafault.h"

static const struct err *group_of(const struct kernel *k, gva_t task, gva_t *ret)
{
	*ret = gva(0);
	if (!profile_has(k->profile, F_task_struct_numa_group))
		return NULL;
	return kfield_ptr(k, task, F_task_struct_numa_group, ret);
}

const struct err *numafault_group_id(const struct kernel *k, gva_t task, int64_t *ret)
{
	gva_t group;

	*ret = 0;
	TRY(group_of(k, task, &group));
	return gva_is_null(group) ? NULL : kfield_int(k, group, F_numa_group_gid, ret);
}

const struct err *numafault_cpu_node(const struct kernel *k, unsigned cpu, int32_t *ret)
{
	uint32_t node;

	if (cpu >= k->cpu_count)
		return ERR(ERR_RACE, "CPU %u of %u", cpu, k->cpu_count);
	TRY(kread_u32(k, kernel_percpu(k, S_numa_node, cpu), &node));
	*ret = (int32_t)node;
	return NULL;
}

/* task_faults_idx(NUMA_MEM, node, 0 and 1): a pair for each node. */
static const struct err *pair_read(const struct kernel *k, gva_t faults, unsigned node,
				   uint64_t *ret_shared, uint64_t *ret_private)
{
	gva_t pair = gva_add(faults, 16 * (uint64_t)node);

	TRY(kread_u64(k, pair, ret_shared));
	return kread_u64(k, gva_add(pair, 8), ret_private);
}

const struct err *numafault_read(const struct kernel *k, gva_t task, unsigned node,
				 struct numafault *ret)
{
	gva_t faults, group;

	*ret = (struct numafault){0};
	TRY(kfield_ptr(k, task, F_task_struct_numa_faults, &faults));
	if (!gva_is_null(faults))
		TRY(pair_read(k, faults, node, &ret->task_shared, &ret->task_private));
	TRY(group_of(k, task, &group));
	if (gva_is_null(group))
		return NULL;
	return pair_read(k, kfield_at(k, group, F_numa_group_faults), node, &ret->group_shared,
			 &ret->group_private);
}
