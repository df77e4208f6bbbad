/* SPDX-License-Identifier: GPL-2.0-or-later */
/* needs - the working sets that reading a path needs, from workset.def. */
#ifndef TC_VFS_NEEDS_H
#define TC_VFS_NEEDS_H

#include <stdint.h>

/* WORKSET_* of a canonical path. */
uint64_t needs_of(const char *path);

/* WORKSET_* that the program at @path (or of that name) is known to read, of whatever options. */
uint64_t needs_of_program(const char *path);

#endif
