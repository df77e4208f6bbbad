/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paths - the table paths.def: which side a path comes from. */
#ifndef TC_SYS_PATHS_H
#define TC_SYS_PATHS_H

#include <stdbool.h>
#include <stddef.h>

enum path_side {
	SIDE_HOST = 1,
	SIDE_GUEST,
	SIDE_REFUSED,
	SIDE_OURS,
	SIDE_ALIAS,
	SIDE_INSIDE, /* for the library in the tool to open; there for nobody else */
	SIDE_OWN, /* the tool's own process, from a procfs of its pid namespace; not in the table */
};

struct path_rule {
	const char *path;
	enum path_side side;
	const char *text; /* SIDE_OURS: content; SIDE_ALIAS: the other path */
};

/* The rule for a canonical path. */
const struct path_rule *paths_rule(const char *path);

/* --files=host: GUEST rows outside /proc, /sys and /dev are HOST from now on. */
void paths_take_files_of_host(void);

/* All rows, for who covers the host's files; NULL after the last. */
const struct path_rule *paths_row(size_t index);

/* Is @path, which the tree lacks, a place that stat() tells of? */
bool paths_examined(const char *path);

/* Does the program of that name mean the guest's files when it asks for any by path? */
bool paths_examines(const char *program);

/* Is the program of that name whichever its first argument names? */
bool paths_has_applets(const char *program);

/* Does /proc/self/@name (its first component) come from the reader? */
bool paths_self_is_guest(const char *name);

#endif
