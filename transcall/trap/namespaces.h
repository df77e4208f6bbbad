/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespaces - those that the keeper has ready: users, mounts, process ids, network. The others are
 * each tool's own (front/enter.h). */
#ifndef TC_TRAP_NAMESPACES_H
#define TC_TRAP_NAMESPACES_H

#include <sys/types.h>

#include "transcall/trap/control.h"

/* clone(2) flags of the new process 1; with CLONE_NEWUSER unless @privileged. */
uint64_t namespaces_flags(bool privileged);

/**
 * namespaces_make() - called by process 1, once, in its new namespaces
 * @uid, @gid: ours outside; who is not privileged is root inside
 * @ret:       out: CONTROL_TREE
 */
MUST_CHECK const struct err *namespaces_make(bool privileged, uid_t uid, gid_t gid,
					     struct control *ret);

/* Greater than all of the guest's: what the tool's process ids are to begin above, where the limit
 * for ours is @limit; 0: they cannot. */
uint32_t namespaces_pids_above(uint32_t pid_max, uint32_t limit);

#endif
