/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vtime - CPU time that a running task has used but not yet been charged with.
 *
 * Only where the kernel charges at entry and exit instead of at ticks (VIRT_CPU_ACCOUNTING_GEN with
 * nohz_full=); elsewhere there is nothing to add.
 */
#ifndef TC_KOBJ_VTIME_H
#define TC_KOBJ_VTIME_H

#include "transcall/kobj/kernel.h"

struct vtime_pending {
	bool running; /* the kernel then also asks its run queue for the precise run time */
	uint64_t utime_ns, stime_ns, gtime_ns;
};

/* As task_cputime() and task_gtime() add. The present is the latest that a run queue's clock told.
 */
MUST_CHECK const struct err *vtime_read_pending(const struct kernel *k, gva_t task,
						struct vtime_pending *ret);

/* task_sched_runtime(): what the current slice adds to sum_exec_runtime. */
MUST_CHECK const struct err *vtime_read_slice(const struct kernel *k, gva_t task, uint64_t *ret);

#endif
