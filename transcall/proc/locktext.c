/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describing file locks. Input: attacker-controlled. */
#include "transcall/proc/locktext.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <sys/sysmacros.h>

#include "transcall/proc/reader.h"

#define ARROW "-> "

static const char *kind_text(const struct klock *l)
{
	if (l->flags & LOCK_POSIX) {
		if (l->flags & LOCK_ACCESS)
			return l->has_inode ? "ACCESS ADVISORY  " : "ACCESS *NOINODE* ";
		if (l->flags & LOCK_OFD)
			return l->has_inode ? "OFDLCK ADVISORY  " : "OFDLCK *NOINODE* ";
		return l->has_inode ? "POSIX  ADVISORY  " : "POSIX  *NOINODE* ";
	}
	if (l->flags & LOCK_FLOCK)
		return "FLOCK  ADVISORY  ";
	return "UNKNOWN UNKNOWN  ";
}

static void kind_render(FILE *out, const struct klock *l)
{
	if ((l->flags & (LOCK_POSIX | LOCK_FLOCK)) || !(l->flags & LOCK_LEASES)) {
		fputs(kind_text(l), out);
		return;
	}
	fputs(l->flags & LOCK_DELEG ? "DELEG  " : "LEASE  ", out);
	if (l->flags & (LOCK_UNLOCK_PENDING | LOCK_DOWNGRADE_PENDING))
		fputs("BREAKING  ", out);
	else
		fputs(l->has_inode ? "ACTIVE    " : "BREAKER   ", out);
}

static void range_render(FILE *out, const struct klock *l)
{
	if (!(l->flags & LOCK_POSIX))
		fputs("0 EOF\n", out);
	else if (l->end == INT64_MAX)
		fprintf(out, "%" PRId64 " EOF\n", l->start);
	else
		fprintf(out, "%" PRId64 " %" PRId64 "\n", l->start, l->end);
}

static void head_render(FILE *out, const struct kernel *k, uint64_t id, unsigned level)
{
	if (!reader_kernel_has_idmaps(k))
		fprintf(out, "%" PRIu64 ":%s ", id, level ? " ->" : "");
	else if (level)
		fprintf(out, "%" PRIu64 ": %*s", id, (int)(level - 1 + sizeof(ARROW) - 1), ARROW);
	else
		fprintf(out, "%" PRIu64 ": ", id);
}

void locktext_render(FILE *out, const struct kernel *k, const struct klock *lock, uint64_t id,
		     unsigned level)
{
	head_render(out, k, id, level);
	kind_render(out, lock);
	fprintf(out, "%s ",
		lock->type == F_WRLCK ? "WRITE" : (lock->type == F_RDLCK ? "READ" : "UNLCK"));
	if (lock->has_inode)
		fprintf(out, "%" PRId32 " %02x:%02x:%" PRIu64 " ", lock->pid, major(lock->dev),
			minor(lock->dev), lock->ino);
	else
		fprintf(out, "%" PRId32 " <none>:0 ", lock->pid);
	range_render(out, lock);
}
