/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workset - what a tool is going to read, walked in advance.
 *
 * Each set runs the very readers that /proc's renderers use, and drops the results; the frames
 * they touched are the working set. To everybody but kobj and proc a set is an opaque number.
 */
#ifndef TC_KOBJ_WORKSET_H
#define TC_KOBJ_WORKSET_H

#include "transcall/kobj/kernel.h"

#define WORKSET_TASKS   (UINT64_C(1) << 0) /* stat, status, cmdline, environ ... of each process */
#define WORKSET_THREADS (UINT64_C(1) << 1) /* the same of each thread */
#define WORKSET_FILES   (UINT64_C(1) << 2) /* fd/, fdinfo/, exe, cwd, root, maps, ns/ */
#define WORKSET_SOCKETS (UINT64_C(1) << 3) /* net/: tcp, udp, raw, unix, packet, netlink */
#define WORKSET_SYSTEM  (UINT64_C(1) << 4) /* stat, meminfo, mounts, version, passwd, ... */
#define WORKSET_NAMES   (UINT64_C(1) << 5) /* pid and comm of each process */
#define WORKSET_ALL     ((UINT64_C(1) << 6) - 1)

/**
 * workset_walk() - run the readers of @sets, dropping what they read
 *
 * FAULT, ABSENT and RACE of single objects are skipped (a walk is a hint).
 * Return: NULL or a fatal kind.
 */
MUST_CHECK const struct err *workset_walk(struct kernel *k, uint64_t sets);

#endif
