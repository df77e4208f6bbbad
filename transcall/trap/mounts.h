/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - the tool's file tree: the host's, with private /proc, /sys, /dev and /run. */
#ifndef TC_TRAP_MOUNTS_H
#define TC_TRAP_MOUNTS_H

#include "remotetrans/base/err.h"

/* In a fresh mount namespace: out: the shadow's root, and a procfs of the pid namespace. */
MUST_CHECK const struct err *mounts_make(int *ret_root, int *ret_procfs);

/* After a tool: the files that it left in mounts of ours are gone. */
void mounts_clean(void);

#endif
