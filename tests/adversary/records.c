/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lies in the records of an answer: altered, exchanged, left out, or taken from earlier answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/wire/record.h"
#include "tests/adversary/hostile.h"

#define HEADER_AT(member) offsetof(struct rtvmm_header, member)
#define TAG_AT            RTVMM_HEADER_BYTES
#define PAYLOAD_AT        WIRE_RECORD_HEAD_BYTES

/* --- finding and moving records ------------------------------------------------------------------
 */

uint32_t records_type(const struct records *r, size_t index)
{
	size_t len;
	const uint8_t *bytes = records_at(r, index, &len);
	uint32_t type;

	if (record_is_kept(buf_reader_over(bytes, len)))
		return RECORDS_KEPT;
	memcpy(&type, bytes + HEADER_AT(type), sizeof(type));
	return type;
}

uint8_t *records_nth(const struct records *r, uint32_t type, size_t n, size_t *ret_index)
{
	for (size_t i = 0; i < r->count; i++) {
		size_t len;

		if (records_type(r, i) != type || n-- > 0)
			continue;
		if (ret_index)
			*ret_index = i;
		return records_at(r, i, &len);
	}
	return NULL;
}

size_t records_of_type(const struct records *r, uint32_t type)
{
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++)
		count += records_type(r, i) == type;
	return count;
}

uint64_t records_frame(const uint8_t *page)
{
	uint64_t frame;

	memcpy(&frame, page + HEADER_AT(subject), sizeof(frame));
	return frame;
}

size_t records_index(const struct records *r, uint64_t frame)
{
	struct kept_record k;
	size_t i, len;

	for (i = 0; i < r->count; i++) {
		uint8_t *bytes = records_at(r, i, &len);
		struct buf_reader form = buf_reader_over(bytes, len);
		bool is_kept = record_is_kept(form);

		if (is_kept && record_kept_decode(&form, &k))
			abort();
		if (is_kept ? k.frame == frame
			    : records_type(r, i) == RTVMM_RECORD_PAGE && records_frame(bytes) == frame)
			break;
	}
	return i;
}

static uint8_t *page(const struct records *r, size_t n)
{
	return records_nth(r, RTVMM_RECORD_PAGE, n, NULL);
}

static uint8_t *last_page(const struct records *r)
{
	size_t pages = records_of_type(r, RTVMM_RECORD_PAGE);

	return pages ? page(r, pages - 1) : NULL;
}

static bool is_snapshot(const struct records *r)
{
	return records_nth(r, RTVMM_RECORD_SNAPSHOT, 0, NULL) != NULL;
}

void records_exchange(uint8_t *a, uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t kept = a[i];

		a[i] = b[i];
		b[i] = kept;
	}
}

void records_cut(struct records *r, size_t index, size_t offset, size_t cut_bytes)
{
	size_t len;
	uint8_t *at = records_at(r, index, &len) + offset;
	size_t behind = r->used_bytes - (size_t)(at - r->bytes) - cut_bytes;

	memmove(at, at + cut_bytes, behind);
	r->used_bytes -= cut_bytes;
	for (size_t i = index; i < r->count; i++)
		r->ends[i] -= cut_bytes;
	if (cut_bytes < len)
		return;
	memmove(r->ends + index, r->ends + index + 1, (r->count - index - 1) * sizeof(*r->ends));
	r->count--;
}

static void drop(struct records *r, size_t index)
{
	size_t len;

	records_at(r, index, &len);
	records_cut(r, index, 0, len);
}

/* Put @len bytes into record @index, behind its first @offset ones. */
static void insert(struct records *r, size_t index, size_t offset, const uint8_t *bytes, size_t len)
{
	size_t record_bytes;
	uint8_t *end;

	if (records_reserve(r, len, &end))
		abort();
	uint8_t *at = records_at(r, index, &record_bytes) + offset;
	memmove(at + len, at, (size_t)(r->bytes + r->used_bytes - at));
	memcpy(at, bytes, len);
	r->used_bytes += len;
	for (size_t i = index; i < r->count; i++)
		r->ends[i] += len;
}

/* --- one record
 * -----------------------------------------------------------------------------------
 */

/* XOR @mask into the byte at @offset of @record; false: there is no such record. */
static bool alter(uint8_t *record, size_t offset, uint8_t mask)
{
	if (record)
		record[offset] ^= mask;
	return record != NULL;
}

bool records_flip(struct records *r)
{
	return alter(page(r, records_of_type(r, RTVMM_RECORD_PAGE) / 2), PAYLOAD_AT + 0x123, 0x10);
}

bool records_flip_last(struct records *r)
{
	return alter(last_page(r), PAYLOAD_AT + RTVMM_FRAME_BYTES - 1, 1);
}

bool records_flip_header(struct records *r)
{
	return alter(page(r, 0), HEADER_AT(taken_ns), 1);
}

bool records_flip_tag(struct records *r)
{
	return alter(page(r, 0), TAG_AT + 7, 0x80);
}

bool records_reserved(struct records *r)
{
	return alter(page(r, 0), HEADER_AT(zero), 1);
}

bool records_record_version(struct records *r)
{
	return alter(page(r, 0), HEADER_AT(version), RTVMM_VERSION + 1);
}

bool records_magic(struct records *r)
{
	return alter(page(r, 0), HEADER_AT(magic), 0xff);
}

bool records_generation(struct records *r)
{
	return is_snapshot(r) && alter(page(r, 0), HEADER_AT(generation), 1);
}

bool records_zero_tag(struct records *r)
{
	uint8_t *at = page(r, 0);

	if (at)
		memset(at + TAG_AT, 0, RTVMM_TAG_BYTES);
	return at != NULL;
}

/* Tables of the attacker's own making: the CR3 of a frame that the guest may fill as it likes. */
bool records_registers(struct records *r)
{
	const uint64_t cr3 = UINT64_C(0x1000) * RTVMM_FRAME_BYTES;
	uint8_t *vcpu = records_nth(r, RTVMM_RECORD_VCPU, 0, NULL);

	if (vcpu)
		memcpy(vcpu + PAYLOAD_AT + offsetof(struct rtvmm_vcpu, cr3), &cr3, sizeof(cr3));
	return vcpu != NULL;
}

bool records_deny(struct records *r)
{
	const uint32_t type = RTVMM_RECORD_NOT_RAM, no_bytes = 0;
	size_t index;
	uint8_t *at = records_nth(r, RTVMM_RECORD_PAGE, 0, &index);

	if (!at)
		return false;
	memcpy(at + HEADER_AT(type), &type, sizeof(type));
	memcpy(at + HEADER_AT(payload_bytes), &no_bytes, sizeof(no_bytes));
	records_cut(r, index, PAYLOAD_AT, RTVMM_FRAME_BYTES);
	return true;
}

bool records_bomb(struct records *r)
{
	static const uint8_t more[RTVMM_FRAME_BYTES] = {0x90};
	const uint32_t payload_bytes = 2 * RTVMM_FRAME_BYTES;
	size_t index;
	uint8_t *at = records_nth(r, RTVMM_RECORD_PAGE, 0, &index);

	if (!at)
		return false;
	memcpy(at + HEADER_AT(payload_bytes), &payload_bytes, sizeof(payload_bytes));
	insert(r, index, WIRE_RECORD_BYTES_MAX, more, sizeof(more));
	if (r->count > 64) /* 64 full records and these bytes are too long a message */
		drop(r, index + 1);
	return true;
}

/* --- two records
 * ----------------------------------------------------------------------------------
 */

static bool two_pages(const struct records *r, uint8_t **a, uint8_t **b)
{
	*a = page(r, 0);
	*b = page(r, 1);
	return *b != NULL;
}

bool records_swap(struct records *r)
{
	uint8_t *a, *b;

	if (!two_pages(r, &a, &b))
		return false;
	records_exchange(a + PAYLOAD_AT, b + PAYLOAD_AT, RTVMM_FRAME_BYTES);
	return true;
}

bool records_swap_records(struct records *r)
{
	uint8_t *a, *b;

	if (!two_pages(r, &a, &b))
		return false;
	records_exchange(a, b, WIRE_RECORD_BYTES_MAX);
	return true;
}

bool records_reorder(struct records *r)
{
	uint8_t *a = page(r, 0), *b = last_page(r);

	if (!a || a == b)
		return false;
	records_exchange(a, b, WIRE_RECORD_BYTES_MAX);
	return true;
}

bool records_relabel(struct records *r)
{
	uint8_t *a, *b;

	if (!two_pages(r, &a, &b))
		return false;
	records_exchange(a + HEADER_AT(subject), b + HEADER_AT(subject), sizeof(uint64_t));
	return true;
}

bool records_repeat(struct records *r)
{
	uint8_t *a, *b;

	if (!two_pages(r, &a, &b))
		return false;
	memcpy(b, a, WIRE_RECORD_BYTES_MAX);
	return true;
}

bool records_duplicate(struct records *r)
{
	uint8_t copy[WIRE_RECORD_BYTES_MAX], *at = page(r, 0), *end;

	if (!at)
		return false;
	memcpy(copy, at, sizeof(copy));
	if (records_reserve(r, sizeof(copy), &end))
		abort();
	memcpy(end, copy, sizeof(copy));
	return !records_added(r, sizeof(copy));
}

/* --- what is there at all ------------------------------------------------------------------------
 */

/* Leave out the nth record of @type. */
static bool leave_out(struct records *r, uint32_t type, size_t n)
{
	size_t index;

	if (!records_nth(r, type, n, &index))
		return false;
	drop(r, index);
	return true;
}

bool records_omit_frame(struct records *r)
{
	size_t pages = records_of_type(r, RTVMM_RECORD_PAGE);

	return pages && leave_out(r, RTVMM_RECORD_PAGE, pages - 1);
}

bool records_omit_end(struct records *r)
{
	return leave_out(r, RTVMM_RECORD_SNAPSHOT, 1);
}

bool records_omit_vcpu(struct records *r)
{
	return leave_out(r, RTVMM_RECORD_VCPU, 0);
}

bool records_truncate(struct records *r)
{
	if (!is_snapshot(r))
		return false;
	r->count /= 2;
	r->used_bytes = r->ends[r->count - 1];
	return true;
}

/* --- earlier answers -----------------------------------------------------------------------------
 */

/* One answer kept in the file $RT_HOSTILE_STORE: length, count, ends, bytes. */
static void store_write(const struct records *r)
{
	FILE *f = fopen(hostile_setting("RT_HOSTILE_STORE"), "we");

	if (!f)
		abort();
	fwrite(&r->used_bytes, sizeof(r->used_bytes), 1, f);
	fwrite(&r->count, sizeof(r->count), 1, f);
	fwrite(r->ends, sizeof(*r->ends), r->count, f);
	fwrite(r->bytes, 1, r->used_bytes, f);
	if (fclose(f) != 0)
		abort();
}

/* False: nothing was kept. */
static bool store_read(struct records *ret)
{
	FILE *f = fopen(hostile_setting("RT_HOSTILE_STORE"), "re");
	size_t header[2];
	uint8_t *at;

	if (!f)
		return false;
	records_clear(ret);
	if (fread(header, sizeof(header), 1, f) != 1 || records_reserve(ret, header[0], &at))
		abort();
	for (size_t i = 0, start = 0, end; i < header[1]; i++, start = end)
		if (fread(&end, sizeof(end), 1, f) != 1 || records_added(ret, end - start))
			abort();
	if (fread(at, 1, header[0], f) != header[0])
		abort();
	fclose(f);
	return true;
}

/* The first answer with pages is kept and passed on; later ones, of whatever connection, are
 * replaced by it. */
bool records_replay_session(struct records *r)
{
	if (!page(r, 0))
		return false;
	if (store_read(r))
		return true;
	store_write(r);
	return false;
}

/* Within one connection: every question after the first gets the first one's answer. */
bool records_replay(struct records *r)
{
	static bool kept;

	if (!page(r, 0) && !records_nth(r, RECORDS_KEPT, 0, NULL))
		return false;
	if (kept)
		return store_read(r);
	store_write(r);
	kept = true;
	return false;
}

bool records_replay_pause(struct records *r)
{
	return is_snapshot(r) && records_replay(r);
}

/* One page of the first answer, in the place of the same frame's in later ones. */
bool records_replay_frame(struct records *r)
{
	static uint8_t kept[WIRE_RECORD_BYTES_MAX];
	uint8_t *at = page(r, 0);
	uint64_t frame;
	size_t len;

	if (!kept[0]) {
		if (at)
			memcpy(kept, at, sizeof(kept));
		return false;
	}
	memcpy(&frame, kept + HEADER_AT(subject), sizeof(frame));
	size_t index = records_index(r, frame);
	if (index == r->count)
		return false;
	records_at(r, index, &len);
	insert(r, index, len, kept, sizeof(kept)); /* behind what there is, which goes */
	records_cut(r, index, 0, len);
	return true;
}
