/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow - the private tmpfs that the tool sees as /proc and /sys, as the supervisor fills it.
 *
 * Paths are the tool's ("/proc/1/stat"); the tmpfs holds them below its root. Listings come out in
 * the order given, although tmpfs lists the newest entry first: entries are made, or renamed away
 * and back, in the order that takes.
 */
#ifndef TC_VFS_SHADOW_H
#define TC_VFS_SHADOW_H

#include <sys/stat.h>

#include "transcall/vfs/pathmap.h"

#define SHADOW_GENERATION_FIRST 1u
#define SHADOW_SCRATCH          "scratch" /* a directory beside the tool's, for what is on its way */

struct shadow {
	int root; /* of the tmpfs, writable; owned */
	bool newest_first;
	uint32_t generation; /* of the data now being filled in */
	struct pathmap map;
};

/* One entry of a listing. */
struct shadow_entry {
	char *name; /* owned by whoever made the array */
	enum node_kind kind;
	char *link; /* text of a symbolic link; NULL: one that leads nowhere */
};

/* Takes @root over, on failure too. */
MUST_CHECK const struct err *shadow_init(struct shadow *s, int root);
void shadow_deinit(struct shadow *s);

/**
 * shadow_make() - have an entry at @path, empty when new; missing parents become directories
 * @link: see struct shadow_entry
 * @ret:  out: its state; borrowed
 */
MUST_CHECK const struct err *shadow_make(struct shadow *s, const char *path, enum node_kind kind,
					 const char *link, struct path_state **ret);

/* Is @state no symbolic link that led elsewhere in an earlier generation? @link as above. */
bool shadow_leads_to(const struct shadow *s, struct path_state *state, const char *link);

/* Remove @path with all that is below it. */
MUST_CHECK const struct err *shadow_remove(struct shadow *s, const char *path);

/* Make the directory @path list exactly @entries, in this order. */
MUST_CHECK const struct err *shadow_arrange(struct shadow *s, const char *path,
					    const struct shadow_entry *entries, size_t count);

/* Have the file @path with this content, as of the current generation. */
MUST_CHECK const struct err *shadow_write(struct shadow *s, const char *path, const void *bytes,
					  size_t len_bytes);

/* An own descriptor of @path (open(2) flags); -1 and errno. */
int shadow_open(const struct shadow *s, const char *path, int flags);

/* Have what is at @from at @to; the map still names it @from, so it is to be moved back. */
MUST_CHECK const struct err *shadow_move(struct shadow *s, const char *from, const char *to);

/* lchown(); false when it is not there, or we may not. */
bool shadow_chown(const struct shadow *s, const char *path, uid_t uid, gid_t gid);

/* lstat(); false when it is not there. */
bool shadow_stat(const struct shadow *s, const char *path, struct stat *ret);

#endif
