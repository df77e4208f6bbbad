/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespaces - the tool's own world, made from inside by its process 1. */
#ifndef TC_TRAP_NAMESPACES_H
#define TC_TRAP_NAMESPACES_H

#include <sys/types.h>

#include "remotetrans/base/err.h"

/* What the world is to be like. */
struct world {
	uint64_t boot_ns;      /* CLOCK_BOOTTIME in it; 0: as outside */
	uint64_t monotonic_ns; /* CLOCK_MONOTONIC */
	uint32_t pid_max;      /* own process ids are to be greater, if the kernel lets them */
	char hostname[65];
	uid_t uid; /* outside; the tool is root inside */
	gid_t gid;
};

/* clone(2) flags of the new process 1; with CLONE_NEWUSER unless @privileged. */
uint64_t namespaces_flags(bool privileged);

/**
 * namespaces_enter() - called by process 1, once, before it forks the tool
 * @ret_root:   out: the shadow's root
 * @ret_procfs: out: a procfs of this pid namespace
 * @ret_lifted: out: the next processes' ids are greater; 0: they could not be lifted
 */
MUST_CHECK const struct err *namespaces_enter(const struct world *world, bool privileged,
					      int *ret_root, int *ret_procfs, uint32_t *ret_lifted);

#endif
