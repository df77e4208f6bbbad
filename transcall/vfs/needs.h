/* SPDX-License-Identifier: GPL-2.0-or-later */
/* needs - the working sets that reading a path needs, from workset.def. */
#ifndef TC_VFS_NEEDS_H
#define TC_VFS_NEEDS_H

#include <stdint.h>

/* WORKSET_* of a canonical path. */
uint64_t needs_of(const char *path);

#endif
