/* SPDX-License-Identifier: GPL-2.0-or-later */
/* locktext - the line that describes a file lock, in /proc/locks and in fdinfo. */
#ifndef TC_PROC_LOCKTEXT_H
#define TC_PROC_LOCKTEXT_H

#include "transcall/kobj/lock.h"
#include "transcall/proc/tree.h"

/**
 * locktext_render() - lock_get_status(), fs/locks.c
 * @id:    number of the lock in its listing
 * @level: 0: holds; else waits, at this depth below the holder
 */
void locktext_render(FILE *out, const struct kernel *k, const struct klock *lock, uint64_t id,
		     unsigned level);

#endif
