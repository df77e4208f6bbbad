/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said again as a tag, and what is sent. */
#include "remotetrans/server/sent.h"
#include "remotetrans/wire/record.h"
#include "tests/lib/unit.h"

#include <string.h>

/* --- answers ------------------------------------------------------------------------------------
 */

static void add(struct records *r, uint32_t type, uint64_t subject, uint8_t fill)
{
	struct record_header h = {.magic = RTVMM_MAGIC,
				  .version = RTVMM_VERSION,
				  .type = type,
				  .subject = subject,
				  .counter = 1000 + r->count,
				  .taken_ns = 50 + r->count};
	uint8_t *at;

	CU_ASSERT_TRUE(record_payload_bytes(type, &h.payload_bytes));
	size_t len = WIRE_RECORD_HEAD_BYTES + h.payload_bytes;
	CHECK_OK(records_reserve(r, len, &at));
	struct buf_writer w = buf_writer_over(at, len);
	CHECK_OK(record_header_encode(&h, &w));
	memset(at + RTVMM_HEADER_BYTES, (int)(0xc0 + r->count), RTVMM_TAG_BYTES);
	memset(at + WIRE_RECORD_HEAD_BYTES, fill, h.payload_bytes);
	CHECK_OK(records_added(r, len));
}

/* A snapshot of these pages: frames 2, 4, 6 ..., each full of one byte. */
static void answer(struct records *r, const char *pages)
{
	records_clear(r);
	add(r, RTVMM_RECORD_SNAPSHOT, 0, 1);
	for (uint64_t i = 0; pages[i]; i++)
		if (pages[i] != ' ')
			add(r, pages[i] == '-' ? RTVMM_RECORD_NOT_RAM : RTVMM_RECORD_PAGE, 2 * i,
			    (uint8_t)pages[i]);
	add(r, RTVMM_RECORD_SNAPSHOT, 0, 2);
}

/* One character a record: K kept, P a page, . something else; the bytes add up. */
static void check_forms(const struct records *r, const char *forms)
{
	char seen[32] = "";
	size_t len, sum = 0;

	for (size_t i = 0; i < r->count && i < sizeof(seen) - 1; i++) {
		const uint8_t *bytes = records_at(r, i, &len);

		seen[i] = record_is_kept(buf_reader_over(bytes, len)) ? 'K'
			  : len == WIRE_RECORD_BYTES_MAX              ? 'P'
								      : '.';
		CU_ASSERT_EQUAL(len == WIRE_KEPT_BYTES, seen[i] == 'K');
		sum += len;
	}
	CU_ASSERT_STRING_EQUAL(seen, forms);
	CU_ASSERT_EQUAL(sum, r->used_bytes);
}

/* All of @r at once. */
static void tell(struct sent *s, struct records *r, bool shorten)
{
	sent_begin(s);
	sent_see(s, r, 0, shorten);
	sent_end(s);
}

TEST(sent, what_did_not_change_is_said_again)
{
	struct records r = {0};
	struct sent s = {0};
	size_t len;

	answer(&r, "abc-e");
	tell(&s, &r, true); /* nothing is known yet */
	check_forms(&r, ".PPP.P.");
	answer(&r, "axc-e");
	tell(&s, &r, true);
	check_forms(&r, ".KPK.K.");
	struct buf_reader at = buf_reader_over(records_at(&r, 3, &len), WIRE_KEPT_BYTES);
	struct kept_record k;
	CHECK_OK(record_kept_decode(&at, &k));
	CU_ASSERT_TRUE(k.frame == 4 && k.counter == 1003 && k.taken_ns == 53);
	CU_ASSERT_TRUE(k.tag[0] == 0xc3 && k.tag[15] == 0xc3);
	CU_ASSERT_EQUAL(records_at(&r, 2, &len)[WIRE_RECORD_BYTES_MAX - 1], 'x');
	answer(&r, "axc-e");
	tell(&s, &r, true);
	check_forms(&r, ".KKK.K.");
	sent_deinit(&s);
	records_deinit(&r);
}

/* A client has the pages of its last snapshot, not of those before it. */
TEST(sent, what_the_last_snapshot_had_counts)
{
	struct records r = {0};
	struct sent s = {0};

	answer(&r, "abc");
	tell(&s, &r, false);
	check_forms(&r, ".PPP.");
	answer(&r, "a cd");
	tell(&s, &r, true);
	check_forms(&r, ".KKP.");
	answer(&r, "abcd");
	tell(&s, &r, true);
	check_forms(&r, ".KPKK.");
	answer(&r, "    e");
	tell(&s, &r, false);
	answer(&r, "abcde");
	tell(&s, &r, true);
	check_forms(&r, ".PPPPK.");
	sent_deinit(&s);
	records_deinit(&r);
}

/* Frames in another order than snapshots have: sent in full, at worst. */
TEST(sent, disorder_and_repetition_do_no_harm)
{
	struct records r = {0};
	struct sent s = {0};

	for (unsigned round = 0; round < 3; round++) {
		records_clear(&r);
		add(&r, RTVMM_RECORD_PAGE, 9, 1);
		add(&r, RTVMM_RECORD_PAGE, 3, 1);
		add(&r, RTVMM_RECORD_PAGE, 3, 2);
		add(&r, RTVMM_RECORD_PAGE, UINT64_MAX, 1);
		tell(&s, &r, true);
		CU_ASSERT_EQUAL(r.count, 4);
	}
	records_clear(&r);
	tell(&s, &r, true);
	CU_ASSERT_EQUAL(r.used_bytes, 0);
	sent_deinit(&s);
	records_deinit(&r);
}

/* An answer that is looked at in parts, of which the first may be gone. */
TEST(sent, records_are_seen_as_they_come)
{
	struct records r = {0};
	struct sent s = {0};

	answer(&r, "abcd");
	tell(&s, &r, false);
	records_clear(&r);
	sent_begin(&s);
	add(&r, RTVMM_RECORD_PAGE, 0, 'a');
	sent_see(&s, &r, 0, true);
	add(&r, RTVMM_RECORD_PAGE, 2, 'x');
	add(&r, RTVMM_RECORD_PAGE, 4, 'c');
	sent_see(&s, &r, 1, true);
	check_forms(&r, "KPK");
	records_clear(&r);
	sent_see(&s, &r, 0, true);
	add(&r, RTVMM_RECORD_PAGE, 6, 'd');
	sent_see(&s, &r, 0, true);
	check_forms(&r, "K");
	sent_end(&s);
	answer(&r, "axcd");
	tell(&s, &r, true);
	check_forms(&r, ".KKKK.");
	sent_deinit(&s);
	records_deinit(&r);
}

/* A client takes over nothing of an answer that did not come to its end. */
TEST(sent, what_was_broken_off_is_not_known)
{
	struct records r = {0};
	struct sent s = {0};

	answer(&r, "abc");
	tell(&s, &r, false);
	answer(&r, "xyz");
	sent_begin(&s);
	sent_see(&s, &r, 0, true);
	answer(&r, "abz");
	tell(&s, &r, true);
	check_forms(&r, ".KKP.");
	sent_deinit(&s);
	records_deinit(&r);
}
