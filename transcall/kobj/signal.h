/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signal - signal sets and limits of a task, and what its process shares in signal_struct. */
#ifndef TC_KOBJ_SIGNAL_H
#define TC_KOBJ_SIGNAL_H

#include "transcall/kobj/task.h"

#define SIGNAL_COUNT  64 /* _NSIG */
#define SIGNAL_LIMITS 16 /* RLIM_NLIMITS */

/* All zero when the task has no sighand any more (it was reaped), as the kernel prints it. */
struct signal_sets {
	uint64_t pending, shared_pending, blocked, ignored, caught;
};
MUST_CHECK const struct err *signal_read_sets(const struct kernel *k, const struct task *t,
					      struct signal_sets *ret);

struct signal_queue {
	uint64_t queued, limit; /* SigQ */
};
MUST_CHECK const struct err *signal_read_queue(const struct kernel *k, const struct task *t,
					       struct signal_queue *ret);

/* Soft and hard resource limits, by RLIMIT_* number. */
struct signal_limits {
	uint64_t soft[SIGNAL_LIMITS], hard[SIGNAL_LIMITS];
};
MUST_CHECK const struct err *signal_read_limits(const struct kernel *k, const struct task *t,
						struct signal_limits *ret);
/* One soft limit of a task that has a sighand. */
MUST_CHECK const struct err *signal_read_limit(const struct kernel *k, const struct task *t,
					       unsigned number, uint64_t *ret_soft);

MUST_CHECK const struct err *signal_thread_count(const struct kernel *k, const struct task *t,
						 uint32_t *ret);

/* Exit code of the process: group_exit_code while the group exits or is stopped. */
MUST_CHECK const struct err *signal_exit_code(const struct kernel *k, const struct task *t,
					      bool whole, int32_t *ret);

#endif
