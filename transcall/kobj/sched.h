/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sched - priorities, CPU and CPU times of tasks and processes. Times in ns. */
#ifndef TC_KOBJ_SCHED_H
#define TC_KOBJ_SCHED_H

#include "transcall/kobj/task.h"

/* What /proc/PID/stat shows of a task (whole false) or process (whole true). */
struct sched_times {
	uint64_t utime, stime, gtime;    /* adjusted as by cputime_adjust() */
	uint64_t cutime, cstime, cgtime; /* of children waited for */
	uint64_t min_flt, maj_flt, cmin_flt, cmaj_flt;
};
MUST_CHECK const struct err *sched_read_times(const struct kernel *k, const struct task *t,
					      bool whole, struct sched_times *ret);

struct sched_place {
	int32_t priority, nice; /* as stat shows them */
	uint32_t rt_priority, policy, cpu;
	uint64_t blkio_delay_ns; /* 0 where delay accounting is off */
	uint64_t start_boottime_ns;
	uint64_t voluntary_switches, involuntary_switches;
};
MUST_CHECK const struct err *sched_read_place(const struct kernel *k, const struct task *t,
					      struct sched_place *ret);

/* A cpumask member: CPUs as bytes, least significant first. */
#define SCHED_CPUS_BYTES 1024 /* NR_CPUS 8192 */
MUST_CHECK const struct err *sched_read_cpus(const struct kernel *k, const struct task *t,
					     uint8_t ret[static SCHED_CPUS_BYTES],
					     unsigned *ret_bytes);

#endif
