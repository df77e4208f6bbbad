/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard - a process of its own that resumes the VM at the deadline, or when vmmd dies.
 *
 * QEMU leaves a VM paused when the QMP client that paused it goes away. The guard has a QMP
 * connection of its own and one end of a socket whose other end only vmmd holds: it sees vmmd die
 * even by SIGKILL. It resumes the VM only while armed, so a pause of somebody else's stays.
 */
#ifndef VMMD_GUARD_H
#define VMMD_GUARD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "remotetrans/base/err.h"

struct guard {
	const char *qmp_path; /* borrowed */
	pid_t pid;            /* 0: none */
	int pidfd;            /* -1: none */
	int fd;               /* -1: none; readable or closed: the guard has ended */
	uint64_t replaced;    /* how many guards died and were replaced */
};

/* Prepare; no process yet. */
void guard_init(struct guard *g, const char *qmp_path);

/* Make sure that a living, connected guard stands by. PEER, SYSTEM when there can be none. */
MUST_CHECK const struct err *guard_ensure(struct guard *g);

/* From now on the guard resumes the VM at @until_ns (CLOCK_MONOTONIC) or when we die. */
MUST_CHECK const struct err *guard_arm(struct guard *g, uint64_t until_ns);

/* The VM runs again. When this returns, the guard is past any resume of its own. */
MUST_CHECK const struct err *guard_disarm(struct guard *g);

/* End the guard; it resumes the VM first if it is armed. */
void guard_close(struct guard *g);

#endif
