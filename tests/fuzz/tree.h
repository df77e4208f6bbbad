/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tree - the paths of the rebuilt tree, and all that can be asked of one. */
#ifndef TESTS_FUZZ_TREE_H
#define TESTS_FUZZ_TREE_H

#include "tests/fuzz/fuzz.h"
#include "transcall/proc/tree.h"

#define TREE_PATHS_MAX 8192u

struct tree_paths {
	char *path[TREE_PATHS_MAX]; /* owned */
	unsigned count;
};

/* Every path below "/"; of processes, those whose number is among @pids (ends with NULL), or all.
 */
void tree_paths_find(struct tree_paths *paths, struct proc_view *view, char **pids);

/* One a line. */
void tree_paths_save(const struct tree_paths *paths, const char *file);
void tree_paths_load(struct tree_paths *paths, const char *file);

/* Ask all that a tool can ask of what is at @path. Whatever comes is well-formed. */
void tree_use(struct proc_view *view, const char *path);

/* The answers that are no files: uname, sysinfo, clocks, paths of the guest. */
void tree_use_system(struct proc_view *view, const char *path);

/* The part of the registers that the recording does not need to have. */
void tree_vcpu(struct vcpu *v);

#endif
