/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process - facts about one guest process that system calls ask for, taken from its /proc files. */
#ifndef TC_SYS_PROCESS_H
#define TC_SYS_PROCESS_H

#include "transcall/sys/sys.h"

/* Fields of /proc/PID/stat after the name, by their number in proc_pid_stat(5). */
enum process_field {
	STAT_PGRP = 5,
	STAT_SESSION = 6,
	STAT_NICE = 19,
	STAT_RT_PRIORITY = 40,
	STAT_POLICY = 41,
};

/*
 * A number means a task that any view of the guest's kernel has (proc/roll.h), not only one that
 * its /proc lists: a process taken out of the IDR is still found by who probes for it.
 */

/* Have the roll of the present snapshot in s->roll. */
MUST_CHECK const struct err *process_roll(struct sys *s);

/* /proc/@pid. ABSENT: no such process. */
MUST_CHECK const struct err *process_find(struct sys *s, uint32_t pid, struct proc_node *ret);

/**
 * process_is_own() - does the caller mean a process of the tool by @pid?
 *
 * Where numbers mix: the caller itself, and who has a number that no task of the guest has.
 */
MUST_CHECK const struct err *process_is_own(struct sys *s, const struct call *call, int32_t pid,
					    bool *ret);

MUST_CHECK const struct err *process_stat(struct sys *s, uint32_t pid, enum process_field field,
					  int64_t *ret);

/* Value of the line "@key:\t..." of /proc/PID/status, cut to @size_bytes - 1. */
MUST_CHECK const struct err *process_status(struct sys *s, uint32_t pid, const char *key, char *ret,
					    size_t size_bytes);

#endif
