/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uclamp - the bounds between which a task's utilisation counts (kernel/sched/core.c). */
#ifndef TC_KOBJ_UCLAMP_H
#define TC_KOBJ_UCLAMP_H

#include "transcall/kobj/kernel.h"

enum uclamp_bound { UCLAMP_LEAST, UCLAMP_MOST }; /* enum uclamp_id */

struct uclamp {
	uint32_t asked[2];     /* uclamp_req */
	uint32_t effective[2]; /* uclamp_eff_value(): within those of its group and the system */
};
/* Only where profile_has(F_task_struct_uclamp_req). Return: NULL; FAULT; fatal. */
MUST_CHECK const struct err *uclamp_read(const struct kernel *k, gva_t task, struct uclamp *ret);

#endif
