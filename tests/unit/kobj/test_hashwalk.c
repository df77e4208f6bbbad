/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/hashwalk.h"

enum { BUCKETS = 1000, STRIDE = 24, NODES = 40 };

static struct fake_guest g;
static struct hashwalk w;
static gva_t heads, node[NODES];

static void set_up(void)
{
	fake_guest_init(&g);
	heads = fake_alloc(&g, BUCKETS * STRIDE, 8);
	for (unsigned i = 0; i < NODES; i++)
		node[i] = fake_alloc(&g, 16, 8);
	CHECK_OK(hashwalk_init(&w, heads, BUCKETS, STRIDE));
}

static gva_t head_at(unsigned bucket)
{
	return gva_add(heads, (uint64_t)bucket * STRIDE);
}

static void expect(unsigned index, unsigned bucket)
{
	gva_t at;

	CHECK_OK(hashwalk_next(&w, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, node[index].v);
	CU_ASSERT_EQUAL(w.bucket, bucket);
}

static void expect_end(void)
{
	gva_t at;

	CHECK_OK(hashwalk_next(&w, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
	CHECK_OK(hashwalk_next(&w, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(hashwalk, visits_chains_in_the_order_of_buckets)
{
	set_up();
	fake_u64(&g, head_at(0), node[0].v);
	fake_u64(&g, node[0], node[1].v);
	fake_u64(&g, head_at(500), node[2].v);
	fake_u64(&g, head_at(BUCKETS - 1), node[3].v);
	expect(0, 0);
	expect(1, 0);
	expect(2, 500);
	expect(3, BUCKETS - 1);
	expect_end();
}

TEST(hashwalk, odd_pointers_end_chains)
{
	set_up();
	for (unsigned i = 0; i < BUCKETS; i++)
		fake_u64(&g, head_at(i), 2 * (uint64_t)i + 1);
	fake_u64(&g, head_at(7), node[0].v);
	fake_u64(&g, node[0], 15);
	expect(0, 7);
	expect_end();
}

TEST(hashwalk, an_empty_table_ends_at_once)
{
	set_up();
	expect_end();
	CHECK_OK(hashwalk_init(&w, gva(0), 0, 8));
	expect_end();
}

TEST(hashwalk, a_chain_that_loops_ends_in_race)
{
	const struct err *e = NULL;
	unsigned steps = 0;
	gva_t at;

	set_up();
	fake_u64(&g, head_at(3), node[0].v);
	for (unsigned i = 0; i < NODES; i++) /* enters a circle of 10 after 30 nodes */
		fake_u64(&g, node[i], node[i + 1 < NODES ? i + 1 : 30].v);
	while (!(e = hashwalk_next(&w, &g.k, &at)) && !gva_is_null(at) && steps < 1000)
		steps++;
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_EQUAL(e->kind, ERR_RACE);
}

TEST(hashwalk, tables_that_cannot_be_are_refused)
{
	gva_t at;

	set_up();
	CHECK_ERR(hashwalk_init(&w, heads, UINT64_C(1) << 40, 8), ERR_RACE);
	CHECK_ERR(hashwalk_init(&w, heads, 16, 0), ERR_RACE);
	CHECK_OK(hashwalk_init(&w, gva(16), 16, 8));
	CHECK_ERR(hashwalk_next(&w, &g.k, &at), ERR_FAULT);
}

/* A chain that breaks off takes no other with it. */
TEST(hashwalk, goes_on_after_an_error)
{
	gva_t at;

	set_up();
	fake_u64(&g, head_at(1), node[0].v);
	fake_u64(&g, node[0], node[0].v); /* loops */
	fake_u64(&g, head_at(2), 0x1000); /* is not mapped */
	fake_u64(&g, head_at(900), node[1].v);
	expect(0, 1);
	CHECK_ERR(hashwalk_next(&w, &g.k, &at), ERR_RACE);
	CHECK_ERR(hashwalk_next(&w, &g.k, &at), ERR_FAULT);
	expect(1, 900);
	expect_end();
}

/* Of a table that is longer than memory, each unreadable piece is one error. */
TEST(hashwalk, ends_after_heads_that_cannot_be_read)
{
	unsigned errors = 0;
	gva_t at = gva(1);

	set_up();
	CHECK_OK(hashwalk_init(&w, gva(FAKE_BASE + FAKE_BYTES - 4096), 1u << 20, 8));
	while (!gva_is_null(at) || errors) {
		const struct err *e = hashwalk_next(&w, &g.k, &at);

		errors += e != NULL;
		if (!e && gva_is_null(at))
			break;
	}
	CU_ASSERT_TRUE(errors > 0 && errors <= (1u << 20) * 8 / HASHWALK_CHUNK_BYTES + 1);
	CU_ASSERT_EQUAL(w.bucket, 1u << 20);
}
