/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "remotetrans/server/pace.h"
#include "tests/lib/unit.h"

#define KB UINT64_C(1000)
#define MS UINT64_C(1000000)

/* Messages of 64 KB at @mb_s, for each of which the socket makes us wait. */
static void send_at(struct pace *p, unsigned messages, uint64_t mb_s)
{
	for (unsigned i = 0; i < messages; i++)
		pace_note(p, 64 * KB, 64 * MS / mb_s, 1);
}

TEST(pace, a_slow_link_is_seen_within_a_few_messages)
{
	struct pace p = {0};

	CU_ASSERT_FALSE(p.is_slow);
	send_at(&p, 4, 125); /* 1 Gb/s */
	CU_ASSERT_TRUE(p.is_slow);
	send_at(&p, 100, 125);
	CU_ASSERT_TRUE(p.is_slow);
}

TEST(pace, a_fast_one_never_is)
{
	struct pace p = {0};

	send_at(&p, 1000, 300);
	CU_ASSERT_FALSE(p.is_slow);
	for (unsigned i = 0; i < 1000; i++)
		pace_note(&p, 64 * KB, 64 * MS, 0); /* what takes long is not the socket */
	CU_ASSERT_FALSE(p.is_slow);
}

/* A socket takes several messages at once when it takes some again. */
TEST(pace, not_every_message_has_to_wait)
{
	struct pace p = {0};

	for (unsigned i = 0; i < 12; i++)
		pace_note(&p, 64 * KB, i % 3 ? MS / 50 : 3 * MS / 2, i % 3 == 0);
	CU_ASSERT_TRUE(p.is_slow);
}

TEST(pace, a_very_slow_link_is_seen_at_once)
{
	struct pace p = {0};

	send_at(&p, 1, 7);
	CU_ASSERT_TRUE(p.is_slow);
	/* what is so small that it does not wait says nothing */
	pace_note(&p, 200 * KB, 1, 0);
	CU_ASSERT_TRUE(p.is_slow);
}

TEST(pace, it_may_get_fast_again)
{
	struct pace p = {0};

	send_at(&p, 8, 20);
	CU_ASSERT_TRUE(p.is_slow);
	send_at(&p, 8, 1000);
	CU_ASSERT_FALSE(p.is_slow);
	send_at(&p, 8, 20);
	for (unsigned i = 0; i < 20; i++)
		pace_note(&p, 64 * KB, 1, 0);
	CU_ASSERT_FALSE(p.is_slow);
}

TEST(pace, a_distant_client_is_slow_from_the_beginning)
{
	struct pace p = {0};

	pace_begin(&p, MS / 5);
	CU_ASSERT_FALSE(p.is_slow);
	pace_begin(&p, 10 * MS);
	CU_ASSERT_TRUE(p.is_slow);
}
