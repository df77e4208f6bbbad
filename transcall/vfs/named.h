/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * named - paths that the guest's maps files named, and to which threads of the tool.
 *
 * lsof reads a maps file and then calls stat() of each path in it: it asks about the guest's file,
 * not about this machine's of the same name. So a thread that has opened a maps file is told of the
 * guest's by stat(); what it opens or executes stays this machine's.
 */
#ifndef TC_VFS_NAMED_H
#define TC_VFS_NAMED_H

#include <sys/types.h>

#include "transcall/vfs/pathmap.h"

#define NAMED_READERS 64u

struct named {
	struct pathmap paths;
	pid_t readers[NAMED_READERS]; /* the last ones, in a ring */
	unsigned reader_count;
};

/* A maps file with this text was filled in. */
MUST_CHECK const struct err *named_add(struct named *n, const char *text, size_t len_bytes);

/* @tid opened a maps file. */
void named_read_by(struct named *n, pid_t tid);

/* Does @tid mean the guest's file when it calls stat() of @path? */
bool named_to(const struct named *n, pid_t tid, const char *path);

void named_deinit(struct named *n);

#endif
