/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listing - the children of a directory of the tree, collected. */
#ifndef TC_VFS_LISTING_H
#define TC_VFS_LISTING_H

#include "transcall/vfs/shadow.h"

#define LISTING_MAX                                                                                \
	(1u << 23) /* more names than Linux can have processes: PID_MAX_LIMIT is 2^22              \
		    */

struct listing {
	struct shadow_entry *entries;
	size_t count, room;
	bool failed;
};

MUST_CHECK const struct err *listing_read(struct listing *l, struct proc_view *view,
					  const struct proc_node *dir);
/* In /proc: have "self" and "thread-self", before the first process, as proc_pid_readdir() has
 * them. */
MUST_CHECK const struct err *listing_add_self(struct listing *l);
void listing_deinit(struct listing *l);

#endif
