/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process - give up what a process of ours does not need: privileges, and core dumps with keys. */
#ifndef RT_BASE_PROCESS_H
#define RT_BASE_PROCESS_H

#include <sys/types.h>

#include "remotetrans/base/err.h"

#define PROCESS_USER_DEFAULT "remotetrans"

/* No core dump of this process, nor tracing without privilege, until it executes a program: that
 * one is as dumpable as ever. Children inherit it. */
MUST_CHECK const struct err *process_hide(void);

/* process_hide(), no core dump of what follows either, no new privileges, and files for the owner
 * alone. For daemons, before any key. */
MUST_CHECK const struct err *process_harden(void);

/**
 * process_drop() - keep no privilege
 * @user:     to become; empty: PROCESS_USER_DEFAULT if root starts us and there is such a user
 * @ret_root: out: still user 0, as no user was named and the default is not there; without any
 *            capability
 *
 * Groups become @user's own. Return: NULL; USAGE: no such user, or not allowed to become it;
 * SYSTEM.
 */
MUST_CHECK const struct err *process_drop(const char *user, bool *ret_root);

/**
 * process_fork() - fork(), and a descriptor to end the child by
 * @ret_pidfd: out, in the parent: for process_kill(); closed on exec
 *
 * Whoever may use a pidfd, but neither kill() nor pidfd_open(), can end its own children only. The
 * child must not return to code that relies on handlers of pthread_atfork().
 */
pid_t process_fork(int *ret_pidfd);

/* SIGKILL. Nothing when it has ended already. */
void process_kill(int pidfd);

#endif
