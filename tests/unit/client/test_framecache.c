/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "remotetrans/client/framecache.h"
#include "tests/lib/unit.h"

#include <string.h>

static struct record page(uint64_t frame, const uint8_t *bytes)
{
	return (struct record){.type = RTVMM_RECORD_PAGE,
			       .subject = frame,
			       .generation = 9,
			       .payload = bytes,
			       .payload_bytes = FRAME_BYTES};
}

/* Frame numbers spread over all 64 bits. */
static uint64_t number(uint64_t i)
{
	return i * UINT64_C(0x1000000001) ^ i << 60;
}

TEST(framecache, finds_what_was_put_and_nothing_else)
{
	struct framepool pool = {0};
	struct framecache c = {.pool = &pool};
	uint8_t bytes[FRAME_BYTES];

	CU_ASSERT_PTR_NULL(framecache_find(&c, gfn(0)));
	for (uint64_t i = 0; i < 10000; i++) {
		struct record rec = page(number(i), bytes);

		memset(bytes, (int)(i % 251), sizeof(bytes));
		CHECK_OK(framecache_put(&c, &rec));
	}
	for (uint64_t i = 0; i < 10000; i++) {
		const struct framecache_entry *e = framecache_find(&c, gfn(number(i)));

		CU_ASSERT_PTR_NOT_NULL_FATAL(e);
		CU_ASSERT_TRUE(e->page->bytes[0] == i % 251 &&
			       e->page->bytes[4095] == i % 251);
		CU_ASSERT_EQUAL(e->generation, 9);
	}
	for (uint64_t i = 10000; i < 20000; i++)
		CU_ASSERT_PTR_NULL(framecache_find(&c, gfn(number(i))));
	CU_ASSERT_EQUAL(c.count, 10000);
	framecache_deinit(&c);
	framepool_deinit(&pool);
}

TEST(framecache, refuses_a_frame_twice)
{
	static const uint8_t first[FRAME_BYTES] = {1}, second[FRAME_BYTES] = {2};
	struct framepool pool = {0};
	struct framecache c = {.pool = &pool};
	struct record rec = page(3, first), again = page(3, second);

	CHECK_OK(framecache_put(&c, &rec));
	CHECK_ERR(framecache_put(&c, &again), ERR_INTEGRITY);
	again.type = RTVMM_RECORD_NOT_RAM;
	CHECK_ERR(framecache_put(&c, &again), ERR_INTEGRITY);
	CU_ASSERT_EQUAL(framecache_find(&c, gfn(3))->page->bytes[0], 1);
	framecache_deinit(&c);
	framepool_deinit(&pool);
}

TEST(framecache, clear_forgets_all)
{
	static const uint8_t bytes[FRAME_BYTES] = {1};
	struct framepool pool = {0};
	struct framecache c = {.pool = &pool};
	struct record rec = page(3, bytes);

	CHECK_OK(framecache_put(&c, &rec));
	framecache_clear(&c);
	CU_ASSERT_PTR_NULL(framecache_find(&c, gfn(3)));
	rec.subject = 4;
	CHECK_OK(framecache_put(&c, &rec));
	CU_ASSERT_PTR_NULL(framecache_find(&c, gfn(3)));
	CU_ASSERT_PTR_NOT_NULL(framecache_find(&c, gfn(4)));
	framecache_deinit(&c);
	framepool_deinit(&pool);
}

TEST(framecache, holds_that_a_frame_is_not_ram)
{
	struct framepool pool = {0};
	struct framecache c = {.pool = &pool};
	struct record rec = {.type = RTVMM_RECORD_NOT_RAM, .subject = 0xfee00};

	CHECK_OK(framecache_put(&c, &rec));
	const struct framecache_entry *e = framecache_find(&c, gfn(0xfee00));
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_PTR_NULL(e->page);
	framecache_deinit(&c);
	framepool_deinit(&pool);
}

TEST(framecache, a_server_cannot_fill_memory)
{
	struct framepool pool = {0};
	struct framecache c = {.pool = &pool};
	struct record rec = {.type = RTVMM_RECORD_NOT_RAM};

	for (rec.subject = 0; rec.subject < FRAMECACHE_FRAMES_MAX; rec.subject++)
		CHECK_OK(framecache_put(&c, &rec));
	CHECK_ERR(framecache_put(&c, &rec), ERR_PROTO);
	framecache_deinit(&c);
	framepool_deinit(&pool);
}

/* A page is given back when the last cache lets go of it, and is used again. */
TEST(framecache, pages_are_held_by_several_caches)
{
	static const uint8_t bytes[FRAME_BYTES] = {7};
	struct framepool pool = {0};
	struct framecache old = {.pool = &pool}, next = {.pool = &pool};
	struct record rec = page(3, bytes), none = {.type = RTVMM_RECORD_PAGE, .subject = 4};

	CHECK_OK(framecache_put(&old, &rec));
	rec.generation = 10;
	CHECK_OK(framecache_keep(&next, &old, &rec));
	CHECK_ERR(framecache_keep(&next, &old, &rec), ERR_INTEGRITY);
	CHECK_ERR(framecache_put(&next, &rec), ERR_INTEGRITY);
	struct framepage *kept = framecache_find(&next, gfn(3))->page;
	CU_ASSERT_PTR_EQUAL(kept, framecache_find(&old, gfn(3))->page);
	CU_ASSERT_EQUAL(framecache_find(&next, gfn(3))->generation, 10);
	framecache_clear(&old);
	CU_ASSERT_EQUAL(kept->holders, 1);
	CU_ASSERT_EQUAL(framecache_find(&next, gfn(3))->page->bytes[0], 7);
	framecache_clear(&next);
	CHECK_OK(framecache_put(&old, &rec));
	CU_ASSERT_PTR_EQUAL(framecache_find(&old, gfn(3))->page, kept);
	CU_ASSERT_EQUAL(pool.slab_count, 1);
	CHECK_OK(framecache_keep(&next, &old, &none)); /* not reached: verify refuses it */
	CU_ASSERT_PTR_NULL(framecache_find(&next, gfn(4))->page);
	framecache_deinit(&old);
	framecache_deinit(&next);
	framepool_deinit(&pool);
}
