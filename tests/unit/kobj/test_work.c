/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/work.h"

TEST(work, takes_its_own_allowance_before_the_pool)
{
	struct work w;

	work_fill(&w, 100);
	CU_ASSERT_TRUE(work_take(&w, WORK_OWN));
	CU_ASSERT_EQUAL(w.pool, 100);
	CU_ASSERT_TRUE(work_take(&w, 60));
	CU_ASSERT_FALSE(work_is_used_up(&w));
	work_begin(&w);
	CU_ASSERT_TRUE(work_take(&w, WORK_OWN + 40));
	CU_ASSERT_TRUE(work_is_used_up(&w));
	CU_ASSERT_FALSE(work_take(&w, 1));
	work_begin(&w);
	CU_ASSERT_TRUE(work_take(&w, 1));
}

TEST(work, too_much_at_once_takes_all)
{
	struct work w;

	work_fill(&w, 100);
	CU_ASSERT_FALSE(work_take(&w, UINT64_MAX));
	CU_ASSERT_TRUE(work_is_used_up(&w));
}

TEST(work, reads_are_paid_for)
{
	static struct fake_guest g;
	struct work w = {.own = 3};
	uint8_t bytes[16];

	fake_guest_init(&g);
	gva_t at = fake_alloc(&g, 16, 8);
	g.k.work = &w;
	CHECK_OK(kread(&g.k, at, bytes, 8));
	CHECK_OK(kread(&g.k, at, bytes, 16));
	CHECK_ERR(kread(&g.k, at, bytes, 1), ERR_RACE);
	g.k.work = NULL;
	CHECK_OK(kread(&g.k, at, bytes, 1));
}

TEST(work, what_is_given_back_can_be_taken_again)
{
	struct work w = {.own = 10};

	for (unsigned i = 0; i < 100; i++) {
		CU_ASSERT_TRUE(work_take(&w, 10));
		work_give_back(&w, 10);
	}
	CU_ASSERT_TRUE(work_take(&w, 10));
	CU_ASSERT_FALSE(work_take(&w, 1));
}
