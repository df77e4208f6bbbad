/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * confine - seccomp and Landlock for processes of ours that read what an attacker wrote.
 *
 * A system call that is not in the process's table fails with EPERM; one that only somebody who has
 * taken the process over would make (execve, ptrace, a socket to the network) kills it.
 */
#ifndef RT_BASE_CONFINE_H
#define RT_BASE_CONFINE_H

#include <stddef.h>

#include <seccomp.h>

#include "remotetrans/base/err.h"

#define CONFINE_CONDITIONS_MAX 3

/* One system call that stays allowed. */
struct confine_rule {
	int syscall;                                      /* SCMP_SYS(name) */
	struct scmp_arg_cmp when[CONFINE_CONDITIONS_MAX]; /* all that are set must hold */
};

/* Rows for arrays of struct confine_rule: one call, and conditions on its arguments. */
#define CONFINE_CALL(name)                                                                         \
	{                                                                                          \
		.syscall = SCMP_SYS(name)                                                          \
	}
#define CONFINE_CALL_IF(name, ...)                                                                 \
	{                                                                                          \
		.syscall = SCMP_SYS(name), .when = { __VA_ARGS__ }                                 \
	}
#define CONFINE_IS(argument, value)                                                                \
	{                                                                                          \
		argument, SCMP_CMP_EQ, (scmp_datum_t)(value), 0                                    \
	}
#define CONFINE_IS_NOT(argument, value)                                                            \
	{                                                                                          \
		argument, SCMP_CMP_NE, (scmp_datum_t)(value), 0                                    \
	}
#define CONFINE_BITS(argument, mask, value)                                                        \
	{                                                                                          \
		argument, SCMP_CMP_MASKED_EQ, (scmp_datum_t)(mask), (scmp_datum_t)(value)          \
	}

/* open() and fopen() of what is there, for reading */
#define CONFINE_OPEN_READ                                                                          \
	CONFINE_CALL_IF(openat, CONFINE_BITS(2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY))
/* process_fork(), process_kill() */
#define CONFINE_FORK CONFINE_CALL_IF(clone, CONFINE_IS(0, CLONE_PIDFD | SIGCHLD))
#define CONFINE_KILL CONFINE_CALL_IF(pidfd_send_signal, CONFINE_IS(1, SIGKILL))

/**
 * confine_calls() - from now on, computing, @rules and @more only; in children, too
 * @more: NULL: none
 *
 * Computing: memory, clocks, futexes, ending. A process that is confined already can be confined
 * further if its rules allow prctl and seccomp.
 */
MUST_CHECK const struct err *confine_calls(const struct confine_rule *rules, size_t count,
					   const struct confine_rule *more, size_t more_count);

/**
 * confine_files() - from now on, change no file but those beneath @folder, and @devices
 * @folder:  empty: none at all
 * @rights:  LANDLOCK_ACCESS_FS_* that stay allowed there
 * @devices: files that may be opened for writing, where they exist; ends with NULL; NULL: none
 *
 * Reading is not limited. No effect where the kernel has no Landlock: ask confine_has_files(), and
 * say so.
 */
MUST_CHECK const struct err *confine_files(const char *folder, uint64_t rights,
					   const char *const *devices);

/* Whether the kernel has Landlock (since Linux 5.13) and it is on. */
bool confine_has_files(void);
#define CONFINE_NO_FILES                                                                           \
	"this kernel has no Landlock: files that its user may change are not out of reach"

#endif
