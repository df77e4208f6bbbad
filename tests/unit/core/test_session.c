/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "vmm/core/session.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t instance[RTVMM_ID_BYTES] = {1};

static void fill(struct caller *c, struct session *s, uint64_t number)
{
	(void)c;
	s->number = number;
	memcpy(s->instance_id, instance, sizeof(instance));
	memset(s->key, 0x55, sizeof(s->key));
}

TEST(session, table_is_exactly_as_large_as_said)
{
	struct caller *c = calloc(1, sizeof(*c));

	for (uint64_t n = 1; n <= RTVMM_SESSIONS_MAX; n++)
		fill(c, session_free_slot(c, instance), n);
	for (uint64_t n = 1; n <= RTVMM_SESSIONS_MAX; n++)
		CU_ASSERT_PTR_NOT_NULL(session_find(c, n));
	CU_ASSERT_PTR_NULL(session_find(c, RTVMM_SESSIONS_MAX + 1));
	session_wipe(session_find(c, 17));
	CU_ASSERT_PTR_NULL(session_find(c, 17));
	CU_ASSERT_EQUAL(session_free_slot(c, instance)->number, 0);
	CU_ASSERT_PTR_NOT_NULL(session_find(c, 1));
	free(c);
}

/* One more than fit: whoever was not used for longest goes, with its key. */
TEST(session, the_one_not_used_for_longest_makes_room)
{
	struct caller *c = calloc(1, sizeof(*c));
	struct session *s;

	for (uint64_t n = 1; n <= RTVMM_SESSIONS_MAX; n++)
		fill(c, session_free_slot(c, instance), n);
	session_find(c, 1);
	s = session_free_slot(c, instance);
	CU_ASSERT_EQUAL(s->number, 0);
	CU_ASSERT_EQUAL(s->key[0], 0);
	CU_ASSERT_PTR_NOT_NULL(session_find(c, 1));
	CU_ASSERT_PTR_NULL(session_find(c, 2));
	free(c);
}

TEST(session, zero_is_no_session)
{
	struct caller *c = calloc(1, sizeof(*c));

	CU_ASSERT_PTR_NULL(session_find(c, 0));
	free(c);
}

/* Sessions of an instance that is gone make room first, however often they were used. */
TEST(session, ended_instances_make_room_first)
{
	static const uint8_t newer[RTVMM_ID_BYTES] = {2};
	struct caller *c = calloc(1, sizeof(*c));

	for (uint64_t n = 1; n <= RTVMM_SESSIONS_MAX; n++) {
		struct session *s = session_free_slot(c, instance);

		fill(c, s, n);
		if (n != 7)
			memcpy(s->instance_id, newer, sizeof(newer));
	}
	session_find(c, 7);
	session_free_slot(c, newer);
	CU_ASSERT_PTR_NULL(session_find(c, 7));
	CU_ASSERT_PTR_NOT_NULL(session_find(c, 1));
	free(c);
}

TEST(session, close_wipes_the_key)
{
	static const struct session empty;
	struct session s = {.number = 3, .next_counter = 9};

	memset(s.key, 0xaa, sizeof(s.key));
	session_wipe(&s);
	CU_ASSERT_TRUE(!memcmp(&s, &empty, sizeof(s)));
}

TEST(session, counters_only_go_up)
{
	struct session s = {.number = 1};

	for (uint64_t i = 0; i < 1000; i++)
		CU_ASSERT_EQUAL(session_take_counter(&s), i);
}
