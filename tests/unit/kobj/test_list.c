/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/list.h"

static struct fake_guest g;

enum { NODES = 12 };
static gva_t head, node[NODES];

/* A list_head with @count entries. */
static void set_up(unsigned count)
{
	fake_guest_init(&g);
	head = fake_alloc(&g, 16, 16);
	fake_list(&g, head);
	for (unsigned i = 0; i < count; i++) {
		node[i] = fake_alloc(&g, 16, 16);
		fake_list_add(&g, head, node[i]);
	}
}

/* Walk to the end or an error; how many entries were seen. */
static const struct err *walk(struct list_iter *it, unsigned *ret)
{
	gva_t at;

	for (*ret = 0;; ++*ret) {
		TRY(list_next(it, &g.k, &at));
		if (gva_is_null(at))
			return NULL;
	}
}

TEST(list, ends_at_its_head)
{
	struct list_iter it;
	unsigned count;

	set_up(0);
	CHECK_OK(list_init(&it, &g.k, head));
	CHECK_OK(walk(&it, &count));
	CU_ASSERT_EQUAL(count, 0);
	set_up(NODES);
	CHECK_OK(list_init(&it, &g.k, head));
	CHECK_OK(walk(&it, &count));
	CU_ASSERT_EQUAL(count, NODES);
}

TEST(list, gives_entries_in_order)
{
	struct list_iter it;
	gva_t at;

	set_up(3);
	CHECK_OK(list_init(&it, &g.k, head));
	for (unsigned i = 0; i < 3; i++) {
		CHECK_OK(list_next(&it, &g.k, &at));
		CU_ASSERT_EQUAL(at.v, node[i].v);
	}
	CHECK_OK(list_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
	/* and stays there */
	CHECK_OK(list_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(list, that_loops_past_its_head_is_a_race)
{
	/* from each entry back to each one before it, or to itself */
	for (unsigned from = 0; from < NODES; from++) {
		for (unsigned to = 0; to <= from; to++) {
			struct list_iter it;
			unsigned count;

			set_up(NODES);
			fake_u64(&g, node[from], node[to].v);
			CHECK_OK(list_init(&it, &g.k, head));
			CHECK_ERR(walk(&it, &count), ERR_RACE);
			CU_ASSERT_TRUE(count < 4 * NODES);
		}
	}
}

TEST(list, that_is_cut_is_a_race)
{
	struct list_iter it;
	unsigned count;

	set_up(4);
	fake_u64(&g, node[2], 0);
	CHECK_OK(list_init(&it, &g.k, head));
	CHECK_ERR(walk(&it, &count), ERR_RACE);
	CU_ASSERT_EQUAL(count, 3);
}

TEST(list, that_leads_out_of_memory_is_a_fault)
{
	struct list_iter it;
	unsigned count;

	set_up(4);
	fake_u64(&g, node[1], UINT64_C(0xdead000000000100)); /* LIST_POISON1 */
	CHECK_OK(list_init(&it, &g.k, head));
	CHECK_ERR(walk(&it, &count), ERR_FAULT);
	CU_ASSERT_EQUAL(count, 2);
	CHECK_ERR(list_init(&it, &g.k, gva(8)), ERR_FAULT);
}

TEST(list, a_hash_chain_ends_with_null)
{
	struct list_iter it;
	unsigned count;

	set_up(5);
	fake_u64(&g, node[4], 0);
	CHECK_OK(hlist_init(&it, &g.k, head));
	CHECK_OK(walk(&it, &count));
	CU_ASSERT_EQUAL(count, 5);
	fake_u64(&g, head, 0);
	CHECK_OK(hlist_init(&it, &g.k, head));
	CHECK_OK(walk(&it, &count));
	CU_ASSERT_EQUAL(count, 0);
}

TEST(list, a_hash_chain_that_loops_is_a_race)
{
	struct list_iter it;
	unsigned count;

	set_up(5);
	fake_u64(&g, node[4], node[4].v);
	CHECK_OK(hlist_init(&it, &g.k, head));
	CHECK_ERR(walk(&it, &count), ERR_RACE);
	/* also through its own head, which is no entry of a hash chain */
	fake_u64(&g, node[4], head.v);
	CHECK_OK(hlist_init(&it, &g.k, head));
	CHECK_ERR(walk(&it, &count), ERR_RACE);
}

TEST(list, after_an_error_comes_the_end)
{
	struct list_iter it;
	unsigned count;

	set_up(4);
	fake_u64(&g, node[1], UINT64_C(0xdead000000000100)); /* LIST_POISON1 */
	CHECK_OK(list_init(&it, &g.k, head));
	CHECK_ERR(walk(&it, &count), ERR_FAULT);
	CHECK_OK(walk(&it, &count));
	CU_ASSERT_EQUAL(count, 0);
	set_up(4);
	fake_u64(&g, node[3], node[3].v);
	CHECK_OK(hlist_init(&it, &g.k, head));
	CHECK_ERR(walk(&it, &count), ERR_RACE);
	CHECK_OK(walk(&it, &count));
	CU_ASSERT_EQUAL(count, 0);
}
