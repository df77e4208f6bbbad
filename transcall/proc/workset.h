/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workset - what a tool is going to read, walked in advance.
 *
 * A set is a list of paths of the tree (workset.def). Walking it runs the very renderers that will
 * answer the tool, and drops what they say; the frames they touched are the working set. To
 * everybody below, a set is an opaque number: in its lower half a bit for each kind, in its upper
 * half the process whose pages are meant, 0 for all.
 */
#ifndef TC_PROC_WORKSET_H
#define TC_PROC_WORKSET_H

#include "transcall/proc/tree.h"

#define WORKSET_TASKS   (UINT64_C(1) << 0)  /* stat, status, cmdline, environ ... of each process */
#define WORKSET_THREADS (UINT64_C(1) << 1)  /* the same of each thread */
#define WORKSET_FILES   (UINT64_C(1) << 2)  /* fd/, fdinfo/, exe, cwd, root, maps, ns/ */
#define WORKSET_SOCKETS (UINT64_C(1) << 3)  /* net/ */
#define WORKSET_SYSTEM  (UINT64_C(1) << 4)  /* stat, meminfo, mounts, version, passwd ... */
#define WORKSET_NAMES   (UINT64_C(1) << 5)  /* pid and comm of each process */
#define WORKSET_CENSUS  (UINT64_C(1) << 6)  /* all views of which tasks exist */
#define WORKSET_SYSCTL  (UINT64_C(1) << 7)  /* /proc/sys */
#define WORKSET_NETWORK (UINT64_C(1) << 8)  /* interfaces, addresses, routes, neighbours */
#define WORKSET_MEMORY  (UINT64_C(1) << 9)  /* of slabs, areas, free pages: their struct pages */
#define WORKSET_KERNEL  (UINT64_C(1) << 10) /* algorithms, keys, System V IPC */
#define WORKSET_PAGES   (UINT64_C(1) << 11) /* page tables, and the struct page of what they map */
#define WORKSET_DRIVERS (UINT64_C(1) << 12) /* interrupts, disks, device numbers, resources */
#define WORKSET_GROUPS  (UINT64_C(1) << 13) /* control groups */
#define WORKSET_ALL     ((UINT64_C(1) << 14) - 1)

#define WORKSET_NUMBER_SHIFT 32

/* WORKSET_PAGES of process @number alone, as sets that are joined to others. */
uint64_t workset_pages_of(uint32_t number);

/* What covers both. Pages of two processes are those of all: who looks at a second, looks on. */
uint64_t workset_join(uint64_t a, uint64_t b);

/**
 * workset_walk() - read all that @sets (WORKSET_*) cover
 *
 * What cannot be read is passed over: a walk is a hint. Return: NULL; SYSTEM; or a fatal kind.
 */
MUST_CHECK const struct err *workset_walk(struct proc_view *view, uint64_t sets);

/* As workset_walk(), of what is below /proc/@number alone. */
MUST_CHECK const struct err *workset_walk_process(struct proc_view *view, uint64_t sets,
						  uint32_t number);

/* Which processes there were, and which programs they executed. All zero is none. */
struct workset_marks {
	uint64_t *marks; /* owned; sorted */
	size_t count;
};
void workset_marks_deinit(struct workset_marks *m);

/* Remember what is there now, for workset_walk_changes(). Return: NULL; SYSTEM; or a fatal kind;
 * or FAULT. */
MUST_CHECK const struct err *workset_mark(struct proc_view *view, struct workset_marks *ret);

/**
 * workset_walk_changes() - read what @sets cover of processes that @m does not have
 *
 * A walk takes so long that processes come and go; this takes about a microsecond for each that
 * stayed as it was. What a process has opened or mapped since is not noticed. A census is of one
 * moment, or worth nothing: it is walked again.
 */
MUST_CHECK const struct err *workset_walk_changes(struct proc_view *view, uint64_t sets,
						  const struct workset_marks *m);

/* Take a census. */
MUST_CHECK const struct err *workset_census_walk(struct proc_view *view);

/* Examine each mount point of the reader. */
MUST_CHECK const struct err *workset_mounts_walk(struct proc_view *view);

#endif
