/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounds of utilisation. Input: attacker-controlled. */
#include "transcall/kobj/uclamp.h"

/* Element @bound of an array of struct uclamp_se. */
static gva_t element(const struct kernel *k, gva_t array, unsigned bound)
{
	return gva_add(array, (uint64_t)k->profile->sizes[SIZE_uclamp_se] * bound);
}

static const struct err *value_read(const struct kernel *k, gva_t array, unsigned bound,
				    uint32_t *ret)
{
	uint64_t value;

	TRY(kfield_uint(k, element(k, array, bound), F_uclamp_se_value, &value));
	*ret = (uint32_t)value;
	return NULL;
}

/* Null: the task is of the root group or an autogroup, which bound nothing. */
static const struct err *group_of(const struct kernel *k, gva_t task, gva_t *ret)
{
	gva_t autogroup = gva(0);

	*ret = gva(0);
	if (!profile_has(k->profile, F_task_group_uclamp))
		return NULL;
	TRY(kfield_ptr(k, task, F_task_struct_sched_task_group, ret));
	if (profile_has(k->profile, F_task_group_autogroup))
		TRY(kfield_ptr(k, *ret, F_task_group_autogroup, &autogroup));
	if (!gva_is_null(autogroup) || gva_equal(*ret, kernel_symbol(k, S_root_task_group)))
		*ret = gva(0);
	return NULL;
}

/* uclamp_tg_restrict() */
static const struct err *restrict_to_group(const struct kernel *k, gva_t task, uint32_t *value)
{
	uint32_t least, most;
	gva_t group, bounds;

	TRY(group_of(k, task, &group));
	if (gva_is_null(group))
		return NULL;
	bounds = kfield_at(k, group, F_task_group_uclamp);
	TRY(value_read(k, bounds, UCLAMP_LEAST, &least));
	TRY(value_read(k, bounds, UCLAMP_MOST, &most));
	if (*value < least)
		*value = least;
	if (*value > most)
		*value = most;
	return NULL;
}

/* uclamp_eff_value(): what the run queue took, while the task is on one. */
static const struct err *effective_read(const struct kernel *k, gva_t task, unsigned bound,
					uint32_t asked, uint32_t *ret)
{
	gva_t taken = kfield_at(k, task, F_task_struct_uclamp);
	uint64_t active;
	uint32_t system;

	TRY(kfield_uint(k, element(k, taken, bound), F_uclamp_se_active, &active));
	if (active)
		return value_read(k, taken, bound, ret);
	*ret = asked;
	TRY(restrict_to_group(k, task, ret));
	TRY(value_read(k, kernel_symbol(k, S_uclamp_default), bound, &system));
	if (*ret > system)
		*ret = system;
	return NULL;
}

const struct err *uclamp_read(const struct kernel *k, gva_t task, struct uclamp *ret)
{
	gva_t asked = kfield_at(k, task, F_task_struct_uclamp_req);

	for (unsigned bound = UCLAMP_LEAST; bound <= UCLAMP_MOST; bound++) {
		TRY(value_read(k, asked, bound, &ret->asked[bound]));
		TRY(effective_read(k, task, bound, ret->asked[bound], &ret->effective[bound]));
	}
	return NULL;
}
