/* SPDX-License-Identifier: GPL-2.0-or-later */
/* archive - what take.c wrote: the entries of a tree, by path. */
#ifndef TEST_TREE_ARCHIVE_H
#define TEST_TREE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#define PATH_BYTES 512

struct record {
	char type; /* d, f, l, or o for others */
	unsigned mode, uid, gid;
	int error;        /* errno of opening, reading or following it; else 0 */
	const char *path; /* owned by the archive, as is @text */
	const char *text; /* content of a file, text of a link; NUL-terminated behind @len */
	size_t len;
};

struct archive {
	struct record *entries; /* in the order of their paths */
	size_t count;
	char *bytes;
};

/* Ends the program when @path is no whole archive. */
void archive_init(struct archive *a, const char *path);
void archive_deinit(struct archive *a);

/* NULL: it is not there. */
const struct record *archive_find(const struct archive *a, const char *path);

/*
 * The path with PID, TID and N for its numbers, and RANGE for those of map_files: which kind of
 * file it is.
 */
void path_fold(const char *path, char ret[static PATH_BYTES]);

#endif
