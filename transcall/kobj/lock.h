/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock - file locks and leases: struct file_lock (file_lock_core since 6.9). */
#ifndef TC_KOBJ_LOCK_H
#define TC_KOBJ_LOCK_H

#include <sys/types.h>

#include "transcall/kobj/list.h"

/* include/linux/filelock.h; the same numbers since 4.x */
#define LOCK_POSIX             0x001u
#define LOCK_FLOCK             0x002u
#define LOCK_DELEG             0x004u
#define LOCK_ACCESS            0x008u
#define LOCK_LEASE             0x020u
#define LOCK_DOWNGRADE_PENDING 0x100u
#define LOCK_UNLOCK_PENDING    0x200u
#define LOCK_OFD               0x400u
#define LOCK_LAYOUT            0x800u
#define LOCK_LEASES            (LOCK_LEASE | LOCK_DELEG | LOCK_LAYOUT)

struct klock {
	gva_t at, file, owner;
	uint32_t flags; /* LOCK_* */
	uint8_t type;   /* F_RDLCK, F_WRLCK, F_UNLCK; what it becomes for a lease that is broken */
	int32_t pid;    /* as locks_translate_pid(): 0 where the namespace does not see the owner */
	int64_t start, end;
	bool has_inode;
	dev_t dev;
	uint64_t ino;
};
/* @ns: pid namespace of the reader */
MUST_CHECK const struct err *lock_read(const struct kernel *k, gva_t at, gva_t ns,
				       struct klock *ret);

/* Walk over all locks of the system, in the order of /proc/locks. */
struct lock_iter {
	struct list_iter list;
	unsigned cpu;
	bool begun;
};
void lock_iter_init(struct lock_iter *it);
/* @ret null: the end. */
MUST_CHECK const struct err *lock_iter_next(struct lock_iter *it, const struct kernel *k,
					    gva_t *ret);

/* The locks on a file's inode that an open file holds, in the order of show_fd_locks(). */
struct lock_file_iter {
	gva_t context; /* struct file_lock_context; null: no locks */
	gva_t file, files;
	struct list_iter list;
	unsigned kind;
};
/* @files: the files_struct that the file is open in */
MUST_CHECK const struct err *lock_file_iter_init(struct lock_file_iter *it, const struct kernel *k,
						 gva_t file, gva_t files);
MUST_CHECK const struct err *lock_file_iter_next(struct lock_file_iter *it, const struct kernel *k,
						 gva_t *ret);

/* Walk over the tree of requests that wait for a lock, depth first. */
#define LOCK_LEVELS_MAX 64
struct lock_waiters {
	struct list_iter levels[LOCK_LEVELS_MAX];
	unsigned level;
	uint32_t steps;
};
void lock_waiters_init(struct lock_waiters *w);
/* @at: in: the lock, or the waiter returned last; out: the next waiter, at w->level; null: the end.
 */
MUST_CHECK const struct err *lock_waiters_next(struct lock_waiters *w, const struct kernel *k,
					       gva_t *at);

#endif
