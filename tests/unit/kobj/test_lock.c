/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/sysmacros.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_fs.h"
#include "tests/unit/kobj/fake_tasks.h"
#include "transcall/kobj/lock.h"

static struct fake_guest g;
static gva_t top, list[2], inode, file, files;

static void set_up(void)
{
	static const struct {
		enum field_id id;
		uint32_t offset, size;
	} members[] = {
		{F_file_lock_link, 16, 16},
		{F_file_lock_list, 32, 16},
		{F_file_lock_blocked_requests, 48, 16},
		{F_file_lock_blocked_member, 64, 16},
		{F_file_lock_flags, 80, 4},
		{F_file_lock_type, 84, 1},
		{F_file_lock_pid, 88, 4},
		{F_file_lock_owner, 96, 8},
		{F_file_lock_file, 104, 8},
		{F_file_lock_start, 112, 8},
		{F_file_lock_end, 120, 8},
		{F_file_lock_list_struct_hlist, 8, 8},
		{F_file_lock_context_flock, 8, 16},
		{F_file_lock_context_posix, 24, 16},
		{F_file_lock_context_lease, 40, 16},
		{F_file_inode, 24, 8},
	};

	fake_guest_init(&g);
	fake_tasks_init(&g);
	fake_fs_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, members[i].size);
	top = kernel_symbol(&g.k, S_init_pid_ns);
	g.k.cpu_count = 2;
	g.k.percpu_zero_based = true;
	fake_symbol_at(&g, S_file_lock_list, gva(0));
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		list[cpu] = fake_alloc(&g, 64, 64);
		g.k.percpu_base[cpu] = list[cpu].v;
	}
	inode = fake_inode(&g, fake_sb(&g, TMPFS_MAGIC, 0, 24), 42, 0100644);
	file = fake_alloc(&g, 64, 8);
	files = fake_alloc(&g, 64, 8);
	fake_set(&g, file, F_file_inode, inode.v);
}

static gva_t lock_new(uint32_t flags, unsigned type, uint32_t pid)
{
	gva_t lock = fake_alloc(&g, 128, 8);

	fake_set(&g, lock, F_file_lock_flags, flags);
	fake_set(&g, lock, F_file_lock_type, type);
	fake_set(&g, lock, F_file_lock_pid, pid);
	fake_set(&g, lock, F_file_lock_file, file.v);
	fake_set(&g, lock, F_file_lock_owner, files.v);
	fake_list(&g, kfield_at(&g.k, lock, F_file_lock_blocked_requests));
	return lock;
}

/* Put @lock first in the list of @cpu. */
static void lock_register(gva_t lock, unsigned cpu)
{
	gva_t head = gva_add(list[cpu], 8), first;

	CHECK_OK(kread_ptr(&g.k, head, &first));
	fake_u64(&g, kfield_at(&g.k, lock, F_file_lock_link), first.v);
	fake_u64(&g, head, kfield_at(&g.k, lock, F_file_lock_link).v);
}

TEST(lock, shows_owner_range_and_inode)
{
	struct klock lock;
	gva_t at;

	set_up();
	fake_process(&g, 77, "owner");
	at = lock_new(LOCK_POSIX, F_WRLCK, 77);
	fake_set(&g, at, F_file_lock_start, 10);
	fake_set(&g, at, F_file_lock_end, INT64_MAX);
	CHECK_OK(lock_read(&g.k, at, top, &lock));
	CU_ASSERT_EQUAL(lock.pid, 77);
	CU_ASSERT_EQUAL(lock.type, F_WRLCK);
	CU_ASSERT_EQUAL(lock.start, 10);
	CU_ASSERT_EQUAL(lock.end, INT64_MAX);
	CU_ASSERT_TRUE(lock.has_inode);
	CU_ASSERT_EQUAL(lock.ino, 42);
	CU_ASSERT_EQUAL(lock.dev, makedev(0, 24));
}

TEST(lock, owners_are_translated_for_the_reader)
{
	struct klock lock;
	gva_t inner;

	set_up();
	fake_process(&g, 77, "outside");
	inner = fake_pid_ns(&g, top);
	CHECK_OK(lock_read(&g.k, lock_new(LOCK_FLOCK, F_RDLCK, 77), inner, &lock));
	CU_ASSERT_EQUAL(lock.pid, 0);
	CHECK_OK(lock_read(&g.k, lock_new(LOCK_POSIX | LOCK_OFD, F_RDLCK, 77), inner, &lock));
	CU_ASSERT_EQUAL(lock.pid, -1);
	CHECK_OK(lock_read(&g.k, lock_new(LOCK_POSIX, F_RDLCK, (uint32_t)-5), inner, &lock));
	CU_ASSERT_EQUAL(lock.pid, -5);
}

TEST(lock, leases_that_are_broken_show_what_they_become)
{
	struct klock lock;

	set_up();
	CHECK_OK(lock_read(&g.k, lock_new(LOCK_LEASE | LOCK_UNLOCK_PENDING, F_WRLCK, 1), top,
			   &lock));
	CU_ASSERT_EQUAL(lock.type, F_UNLCK);
	CHECK_OK(lock_read(&g.k, lock_new(LOCK_LEASE | LOCK_DOWNGRADE_PENDING, F_WRLCK, 1), top,
			   &lock));
	CU_ASSERT_EQUAL(lock.type, F_RDLCK);
}

TEST(lock, lists_go_from_cpu_to_cpu)
{
	gva_t expected[3], at;
	struct lock_iter it;

	set_up();
	for (unsigned i = 0; i < 3; i++)
		expected[i] = lock_new(LOCK_FLOCK, F_WRLCK, 1);
	lock_register(expected[1], 0);
	lock_register(expected[0], 0);
	lock_register(expected[2], 1);
	lock_iter_init(&it);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_OK(lock_iter_next(&it, &g.k, &at));
		CU_ASSERT_EQUAL(at.v, expected[i].v);
	}
	CHECK_OK(lock_iter_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(lock, a_file_has_the_locks_that_it_or_its_table_owns)
{
	gva_t context, flock, posix, foreign, at;
	struct lock_file_iter it;

	set_up();
	CHECK_OK(lock_file_iter_init(&it, &g.k, file, files));
	CHECK_OK(lock_file_iter_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
	context = fake_alloc(&g, 64, 8);
	for (unsigned i = 0; i < 3; i++)
		fake_list(&g, gva_add(context, 8 + 16 * i));
	fake_set(&g, inode, F_inode_flctx, context.v);
	flock = lock_new(LOCK_FLOCK, F_WRLCK, 1);
	fake_set(&g, flock, F_file_lock_owner, file.v);
	posix = lock_new(LOCK_POSIX, F_WRLCK, 1);
	foreign = lock_new(LOCK_POSIX, F_RDLCK, 2);
	fake_set(&g, foreign, F_file_lock_owner, 0xffff888000000010);
	fake_list_add(&g, gva_add(context, 24), kfield_at(&g.k, foreign, F_file_lock_list));
	fake_list_add(&g, gva_add(context, 24), kfield_at(&g.k, posix, F_file_lock_list));
	fake_list_add(&g, gva_add(context, 8), kfield_at(&g.k, flock, F_file_lock_list));
	CHECK_OK(lock_file_iter_init(&it, &g.k, file, files));
	CHECK_OK(lock_file_iter_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, flock.v);
	CHECK_OK(lock_file_iter_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, posix.v);
	CHECK_OK(lock_file_iter_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

static void wait_for(gva_t lock, gva_t waiter)
{
	fake_list_add(&g, kfield_at(&g.k, lock, F_file_lock_blocked_requests),
		      kfield_at(&g.k, waiter, F_file_lock_blocked_member));
}

TEST(lock, waiters_come_depth_first)
{
	static const unsigned levels[] = {1, 2, 1};
	gva_t holder, expected[3], at;
	struct lock_waiters w;

	set_up();
	holder = at = lock_new(LOCK_POSIX, F_WRLCK, 1);
	for (unsigned i = 0; i < 3; i++)
		expected[i] = lock_new(LOCK_POSIX, F_WRLCK, 2);
	wait_for(holder, expected[0]);
	wait_for(expected[0], expected[1]);
	wait_for(holder, expected[2]);
	lock_waiters_init(&w);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_OK(lock_waiters_next(&w, &g.k, &at));
		CU_ASSERT_EQUAL(at.v, expected[i].v);
		CU_ASSERT_EQUAL(w.level, levels[i]);
	}
	CHECK_OK(lock_waiters_next(&w, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(lock, waiters_in_a_circle_end_in_race)
{
	const struct err *e = NULL;
	struct lock_waiters w;
	gva_t a, b, at;

	set_up();
	a = at = lock_new(LOCK_POSIX, F_WRLCK, 1);
	b = lock_new(LOCK_POSIX, F_WRLCK, 2);
	wait_for(a, b);
	wait_for(b, a);
	lock_waiters_init(&w);
	for (unsigned i = 0; i < 1000 && !e; i++)
		e = lock_waiters_next(&w, &g.k, &at);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_EQUAL(e->kind, ERR_RACE);
}
