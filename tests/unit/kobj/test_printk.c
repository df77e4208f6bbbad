/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/printk.h"

#include <string.h>

/* 4 descriptors, 256 bytes of text. */
enum { COUNT_BITS = 2, SIZE_BITS = 8, DESC_BYTES = 24, INFO_BYTES = 96 };
#define FINALIZED (UINT64_C(2) << 62)

static struct fake_guest g;
static gva_t ring, descs, infos, data;
static struct printk_iter it;
static struct printk_record r;
static bool end;

static void declare(void)
{
	static const enum field_id ring_members[] = {
		F_printk_ringbuffer_count_bits, F_printk_ringbuffer_descs,
		F_printk_ringbuffer_infos,      F_printk_ringbuffer_head_id,
		F_printk_ringbuffer_tail_id,    F_printk_ringbuffer_size_bits,
		F_printk_ringbuffer_data};

	for (uint32_t i = 0; i < 7; i++)
		fake_field(&g, ring_members[i], 8 * i, 8);
	fake_field(&g, F_prb_desc_state, 0, 8);
	fake_field(&g, F_prb_desc_begin, 8, 8);
	fake_field(&g, F_prb_desc_next, 16, 8);
	fake_field(&g, F_printk_info_seq, 0, 8);
	fake_field(&g, F_printk_info_ts_nsec, 8, 8);
	fake_field(&g, F_printk_info_text_len, 16, 2);
	fake_field(&g, F_printk_info_facility, 18, 1);
	fake_field(&g, F_printk_info_flags, 19, 1);
	fake_field(&g, F_printk_info_level, 20, 1);
	fake_field(&g, F_printk_info_subsystem, 24, 16);
	fake_field(&g, F_printk_info_device, 40, 48);
	g.p.sizes[SIZE_prb_desc] = DESC_BYTES;
	g.p.sizes[SIZE_printk_info] = INFO_BYTES;
}

static void set_ids(uint64_t tail, uint64_t head)
{
	fake_set(&g, ring, F_printk_ringbuffer_tail_id, tail);
	fake_set(&g, ring, F_printk_ringbuffer_head_id, head);
}

static void set_up(uint64_t tail, uint64_t head)
{
	fake_guest_init(&g);
	declare();
	ring = fake_alloc(&g, 64, 64);
	descs = fake_alloc(&g, DESC_BYTES << COUNT_BITS, 64);
	infos = fake_alloc(&g, INFO_BYTES << COUNT_BITS, 64);
	data = fake_alloc(&g, 1 << SIZE_BITS, 64);
	fake_variable(&g, S_prb, ring.v);
	fake_set(&g, ring, F_printk_ringbuffer_count_bits, COUNT_BITS);
	fake_set(&g, ring, F_printk_ringbuffer_size_bits, SIZE_BITS);
	fake_set(&g, ring, F_printk_ringbuffer_descs, descs.v);
	fake_set(&g, ring, F_printk_ringbuffer_infos, infos.v);
	fake_set(&g, ring, F_printk_ringbuffer_data, data.v);
	set_ids(tail, head);
}

/* The record of descriptor @id, its text at @begin. */
static gva_t put(uint64_t id, uint64_t begin, uint64_t next, const char *text)
{
	gva_t desc = gva_add(descs, id % 4 * DESC_BYTES), info = gva_add(infos, id % 4 * INFO_BYTES);

	fake_set(&g, desc, F_prb_desc_state, id | FINALIZED);
	fake_set(&g, desc, F_prb_desc_begin, begin);
	fake_set(&g, desc, F_prb_desc_next, next);
	fake_set(&g, info, F_printk_info_seq, id + 100);
	fake_set(&g, info, F_printk_info_text_len, strlen(text));
	fake_set(&g, info, F_printk_info_level, 6);
	return desc;
}

static void put_text(uint64_t at, const char *text)
{
	fake_write(&g, gva_add(data, at), text, strlen(text));
}

TEST(printk, reads_records_oldest_first)
{
	set_up(5, 6);
	put(5, 0, 16, "first");
	put_text(8, "first");
	put(6, 16, 40, "second");
	put_text(24, "second");
	CHECK_OK(printk_iter_init(&it, &g.k));
	CHECK_OK(printk_iter_next(&it, &g.k, &r, &end));
	CU_ASSERT_FALSE(end);
	CU_ASSERT_EQUAL(r.seq, 105);
	CU_ASSERT_EQUAL(r.level, 6);
	CU_ASSERT_EQUAL(r.len_bytes, 5);
	CU_ASSERT_NSTRING_EQUAL(r.text, "first", 5);
	CHECK_OK(printk_iter_next(&it, &g.k, &r, &end));
	CU_ASSERT_NSTRING_EQUAL(r.text, "second", 6);
	CHECK_OK(printk_iter_next(&it, &g.k, &r, &end));
	CU_ASSERT_TRUE(end);
}

TEST(printk, finds_a_block_that_begins_anew)
{
	set_up(5, 5);
	put(5, 240, 256 + 24, "wrapped"); /* 16 bytes at the end were too few */
	put_text(8, "wrapped");
	CHECK_OK(printk_iter_init(&it, &g.k));
	CHECK_OK(printk_iter_next(&it, &g.k, &r, &end));
	CU_ASSERT_NSTRING_EQUAL(r.text, "wrapped", 7);
}

TEST(printk, ends_a_block_at_the_end_of_the_ring)
{
	set_up(5, 5);
	put(5, 240, 256, "lastbits");
	put_text(248, "lastbits");
	CHECK_OK(printk_iter_init(&it, &g.k));
	CHECK_OK(printk_iter_next(&it, &g.k, &r, &end));
	CU_ASSERT_NSTRING_EQUAL(r.text, "lastbits", 8);
}

TEST(printk, passes_over_what_is_not_finished)
{
	set_up(5, 6);
	fake_set(&g, put(5, 0, 16, "old"), F_prb_desc_state, 5);
	put(6, 1, 1, ""); /* without data */
	CHECK_OK(printk_iter_init(&it, &g.k));
	CHECK_OK(printk_iter_next(&it, &g.k, &r, &end));
	CU_ASSERT_EQUAL(r.seq, 106);
	CU_ASSERT_EQUAL(r.len_bytes, 0);
}

TEST(printk, never_reads_beyond_a_block)
{
	set_up(5, 5);
	put(5, 0, 16, "a text that is longer than its block");
	CHECK_OK(printk_iter_init(&it, &g.k));
	CHECK_OK(printk_iter_next(&it, &g.k, &r, &end));
	CU_ASSERT_EQUAL(r.len_bytes, 8);
	put(5, 32, 16, "backwards");
	CHECK_OK(printk_iter_init(&it, &g.k));
	CHECK_ERR(printk_iter_next(&it, &g.k, &r, &end), ERR_RACE);
}

TEST(printk, refuses_rings_that_cannot_be)
{
	set_up(5, 9); /* 5 records in 4 places */
	CHECK_ERR(printk_iter_init(&it, &g.k), ERR_RACE);
	set_ids(6, 4);
	CHECK_ERR(printk_iter_init(&it, &g.k), ERR_RACE);
	set_ids(5, 6);
	fake_set(&g, ring, F_printk_ringbuffer_count_bits, 63);
	CHECK_ERR(printk_iter_init(&it, &g.k), ERR_RACE);
	fake_set(&g, ring, F_printk_ringbuffer_count_bits, 0);
	CHECK_ERR(printk_iter_init(&it, &g.k), ERR_RACE);
}

TEST(printk, knows_where_the_log_was_cleared)
{
	uint64_t seq;

	fake_guest_init(&g);
	fake_variable(&g, S_clear_seq, 77);
	CHECK_OK(printk_clear_seq(&g.k, &seq));
	CU_ASSERT_EQUAL(seq, 77);
	gva_t latched = fake_symbol(&g, S_clear_seq, 24);
	fake_field(&g, F_latched_seq_sequence, 0, 4);
	fake_field(&g, F_latched_seq_val, 8, 16);
	fake_u32(&g, latched, 3);
	fake_u64(&g, gva_add(latched, 16), 78);
	CHECK_OK(printk_clear_seq(&g.k, &seq));
	CU_ASSERT_EQUAL(seq, 78);
}
