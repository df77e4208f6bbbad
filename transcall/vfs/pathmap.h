/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pathmap - which paths the shadow holds, and how fresh each one is. */
#ifndef TC_VFS_PATHMAP_H
#define TC_VFS_PATHMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transcall/proc/tree.h"

struct path_state {
	char *path;          /* owned */
	enum node_kind kind; /* 0: removed; the row stays so that no probe chain breaks */
	uint32_t filled; /* generation of the file's content or the directory's listing; 0: none */
	uint32_t seen;   /* generation in which the parent's listing had it */
	char *listing;   /* of a directory as it stands: see shadow_list.c; owned; NULL: not known */
	size_t listing_len;
};

struct pathmap {
	struct path_state **slots; /* a power of two of them, at most half used */
	size_t slot_count, used;
};

/* NULL: not there. */
struct path_state *pathmap_find(const struct pathmap *map, const char *path);

/* The path's state, made when it is new. SYSTEM when out of memory. */
MUST_CHECK const struct err *pathmap_add(struct pathmap *map, const char *path, enum node_kind kind,
					 struct path_state **ret);

/* Forget a path and everything below it. */
void pathmap_remove_tree(struct pathmap *map, const char *path);

/* Forget everything. */
void pathmap_deinit(struct pathmap *map);

#endif
