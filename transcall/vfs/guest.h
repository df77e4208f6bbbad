/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest - the rebuilt tree as vfs/ and sys/ ask it: a view, and the working set to announce first.
 */
#ifndef TC_VFS_GUEST_H
#define TC_VFS_GUEST_H

#include "transcall/proc/tree.h"

struct guest {
	struct proc_view *view; /* borrowed */
	uint32_t reader_pid;    /* the tool appears as a child of this process */
	/* The tool is about to read what @sets (WORKSET_*) covers. */
	MUST_CHECK const struct err *(*want)(void *context, uint64_t sets);
	/* The tool slept: the next want() is to bring fresh data. */
	void (*slept)(void *context);
	void *context;
	/* Set when the tool could see this machine's wall clock: how far the guest's is ahead. */
	int64_t skew_seconds;
};

#endif
