/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/proc/locktext.h"

static struct fake_guest g;
static struct klock lock;

static void set_up(bool newer)
{
	fake_guest_init(&g);
	if (newer)
		fake_field(&g, F_vfsmount_idmap, 0, 8);
	lock = (struct klock){.flags = LOCK_POSIX,
			      .type = F_WRLCK,
			      .pid = 1234,
			      .end = INT64_MAX,
			      .has_inode = true,
			      .dev = makedev(0, 24),
			      .ino = 42};
}

static void expect(unsigned level, const char *expected)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	locktext_render(f, &g.k, &lock, 3, level);
	fclose(f);
	CU_ASSERT_STRING_EQUAL(out, expected);
	free(out);
}

TEST(locktext, is_a_line_of_proc_locks)
{
	set_up(true);
	expect(0, "3: POSIX  ADVISORY  WRITE 1234 00:18:42 0 EOF\n");
	lock.start = 5;
	lock.end = 9;
	lock.type = F_RDLCK;
	expect(0, "3: POSIX  ADVISORY  READ 1234 00:18:42 5 9\n");
	lock.flags |= LOCK_OFD;
	lock.pid = -1;
	expect(0, "3: OFDLCK ADVISORY  READ -1 00:18:42 5 9\n");
	lock.flags = LOCK_FLOCK;
	expect(0, "3: FLOCK  ADVISORY  READ -1 00:18:42 0 EOF\n");
}

TEST(locktext, waiters_are_indented_since_the_tree_is_shown)
{
	set_up(true);
	expect(1, "3: -> POSIX  ADVISORY  WRITE 1234 00:18:42 0 EOF\n");
	expect(3, "3:   -> POSIX  ADVISORY  WRITE 1234 00:18:42 0 EOF\n");
	set_up(false);
	expect(1, "3: -> POSIX  ADVISORY  WRITE 1234 00:18:42 0 EOF\n");
}

TEST(locktext, leases_say_what_they_are_doing)
{
	set_up(true);
	lock.flags = LOCK_LEASE;
	expect(0, "3: LEASE  ACTIVE    WRITE 1234 00:18:42 0 EOF\n");
	lock.flags |= LOCK_UNLOCK_PENDING;
	lock.type = F_UNLCK;
	expect(0, "3: LEASE  BREAKING  UNLCK 1234 00:18:42 0 EOF\n");
	lock.flags = LOCK_DELEG;
	lock.has_inode = false;
	expect(0, "3: DELEG  BREAKER   UNLCK 1234 <none>:0 0 EOF\n");
}
