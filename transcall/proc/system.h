/* SPDX-License-Identifier: GPL-2.0-or-later */
/* system - what system calls tell about the guest as a whole. */
#ifndef TC_PROC_SYSTEM_H
#define TC_PROC_SYSTEM_H

#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include "transcall/kobj/census.h"
#include "transcall/proc/tree.h"

/* uname(2), in the reader's UTS namespace. */
MUST_CHECK const struct err *proc_uname(struct proc_view *view, struct utsname *ret);

/* sysinfo(2). */
MUST_CHECK const struct err *proc_sysinfo(struct proc_view *view, struct sysinfo *ret);

/* census_take(), again after RACE over another snapshot, a bounded number of times. */
MUST_CHECK const struct err *proc_census(struct proc_view *view, struct census *ret);

/* The guest's CLOCK_BOOTTIME, CLOCK_MONOTONIC and CLOCK_REALTIME at the snapshot. */
MUST_CHECK const struct err *proc_boottime_ns(struct proc_view *view, uint64_t *ret);
MUST_CHECK const struct err *proc_monotonic_ns(struct proc_view *view, uint64_t *ret);
MUST_CHECK const struct err *proc_realtime_ns(struct proc_view *view, uint64_t *ret);

/* stat() of a path of the guest's file systems. ABSENT: not there, or its kernel has not cached it. */
MUST_CHECK const struct err *proc_path_stat(struct proc_view *view, const char *path, bool follow,
					    struct stat *ret);
/* The same, statfs(): also ABSENT where the file system cannot be asked (kobj/fsstat.h). */
MUST_CHECK const struct err *proc_path_statfs(struct proc_view *view, const char *path,
					      struct statfs *ret);

/* Device number of the file system that the guest's sockets are on. */
MUST_CHECK const struct err *proc_socket_dev(struct proc_view *view, dev_t *ret);

/* The reader's own process id, as it sees itself. */
MUST_CHECK const struct err *proc_reader_pid(struct proc_view *view, uint32_t *ret);

/* kernel.pid_max of the reader's pid namespace. */
MUST_CHECK const struct err *proc_pid_max(struct proc_view *view, uint32_t *ret);

#endif
