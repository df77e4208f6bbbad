/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_sock.h"
#include "transcall/kobj/sock.h"

static struct fake_guest g;
static gva_t at;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_sock_init(&g);
	at = fake_sock(&g, gva(0x1000), 2, SOCK_STATE_LISTEN);
}

TEST(sock, shows_queues_type_and_references)
{
	struct ksock s;

	set_up();
	fake_set(&g, at, F_sock_refcnt, 3);
	fake_set(&g, at, F_sock_type, 5);
	fake_set(&g, at, F_sock_protocol, 0x106);
	fake_set(&g, at, F_sock_rmem_alloc, 768);
	fake_set(&g, at, F_sock_wmem_alloc, 513);
	fake_set(&g, at, F_sock_drops, 4);
	CHECK_OK(sock_read(&g.k, at, &s));
	CU_ASSERT_EQUAL(s.head.family, 2);
	CU_ASSERT_EQUAL(s.head.state, SOCK_STATE_LISTEN);
	CU_ASSERT_EQUAL(s.head.refcnt, 3);
	CU_ASSERT_EQUAL(s.head.net.v, 0x1000);
	CU_ASSERT_EQUAL(s.type, 5);
	CU_ASSERT_EQUAL(s.protocol, 0x106);
	CU_ASSERT_EQUAL(s.rmem, 768);
	CU_ASSERT_EQUAL(s.wmem, 512); /* one reference is the socket's own */
	CU_ASSERT_EQUAL(s.drops, 4);
}

TEST(sock, belongs_to_its_inode)
{
	uint64_t ino = 1;
	uint32_t uid = 1;

	set_up();
	CHECK_OK(sock_owner(&g.k, at, &uid, &ino));
	CU_ASSERT_EQUAL(uid, 0);
	CU_ASSERT_EQUAL(ino, 0);
	fake_sock_own(&g, at, 1000, 777);
	CHECK_OK(sock_owner(&g.k, at, &uid, &ino));
	CU_ASSERT_EQUAL(uid, 1000);
	CU_ASSERT_EQUAL(ino, 777);
}

/* Since 6.17 */
TEST(sock, knows_owner_and_inode_itself_where_it_has_them)
{
	uint64_t ino;
	uint32_t uid;

	set_up();
	fake_field(&g, F_sock_ino, 208, 8);
	fake_sock_own(&g, at, 1000, 777);
	fake_set(&g, at, F_sock_uid, 1001);
	fake_set(&g, at, F_sock_ino, 778);
	CHECK_OK(sock_owner(&g.k, at, &uid, &ino));
	CU_ASSERT_EQUAL(uid, 1001);
	CU_ASSERT_EQUAL(ino, 778);
}

TEST(sock, drops_are_summed_over_nodes_where_they_are_counted_so)
{
	struct ksock s;
	gva_t counters;

	set_up();
	fake_field(&g, F_sock_drop_counters, 216, 8);
	fake_field(&g, F_numa_drop_counters_drops0, 0, 4);
	fake_field(&g, F_numa_drop_counters_drops1, 64, 4);
	fake_set(&g, at, F_sock_drops, 9);
	CHECK_OK(sock_read(&g.k, at, &s));
	CU_ASSERT_EQUAL(s.drops, 9);
	counters = fake_alloc(&g, 128, 64);
	fake_set(&g, counters, F_numa_drop_counters_drops0, 20);
	fake_set(&g, counters, F_numa_drop_counters_drops1, 3);
	fake_set(&g, at, F_sock_drop_counters, counters.v);
	CHECK_OK(sock_read(&g.k, at, &s));
	CU_ASSERT_EQUAL(s.drops, 23);
}

TEST(sock, times_are_in_hundredths_of_seconds)
{
	uint64_t ticks;

	set_up();
	fake_variable(&g, S_jiffies, 4294937296);
	CU_ASSERT_EQUAL(sock_clock_ticks(&g.k, 250), 100);
	CU_ASSERT_EQUAL(sock_clock_ticks(&g.k, 51), 20);
	CHECK_OK(sock_ticks_until(&g.k, 4294937296 + 500, &ticks));
	CU_ASSERT_EQUAL(ticks, 200);
	CHECK_OK(sock_ticks_until(&g.k, 4294937295, &ticks));
	CU_ASSERT_EQUAL(ticks, 0);
}
