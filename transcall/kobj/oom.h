/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oom - how likely the kernel is to kill a process when memory runs out. */
#ifndef TC_KOBJ_OOM_H
#define TC_KOBJ_OOM_H

#include "transcall/kobj/task.h"

#define OOM_SCORE_ADJ_MIN (-1000)
#define OOM_SCORE_ADJ_MAX 1000

MUST_CHECK const struct err *oom_score_adj(const struct kernel *k, const struct task *t,
					   int64_t *ret);

/* What /proc/PID/oom_score shows: 0 to 2000, or 0 for what is never killed. */
MUST_CHECK const struct err *oom_score(const struct kernel *k, const struct task *t, uint64_t *ret);

#endif
