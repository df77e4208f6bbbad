/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lies about pages that the client has kept: short forms that are stale, forged, exchanged,
 * uninvited. */
#include <stdlib.h>
#include <string.h>

#include "remotetrans/wire/record.h"
#include "tests/adversary/hostile.h"

#define FRAMES_MAX 65536u

/* --- short forms and pages
 * ------------------------------------------------------------------------
 */

/* The nth record in short form; NULL: not so many. */
static uint8_t *kept(const struct records *r, size_t n)
{
	return records_nth(r, RECORDS_KEPT, n, NULL);
}

/* What the VMM said of @page, as a short form. */
static void short_form(const uint8_t *page, uint8_t ret[WIRE_KEPT_BYTES])
{
	struct buf_writer w = buf_writer_over(ret, WIRE_KEPT_BYTES);
	struct rtvmm_record rec;
	struct kept_record k = {0};

	memcpy(&rec, page, sizeof(rec));
	k.frame = rec.header.subject;
	k.counter = rec.header.counter;
	k.taken_ns = rec.header.taken_ns;
	memcpy(k.tag, rec.tag, sizeof(k.tag));
	if (record_kept_encode(&k, &w))
		abort();
}

/* @form instead of record @index. */
static void replace(struct records *r, size_t index, const uint8_t form[WIRE_KEPT_BYTES])
{
	size_t len;
	uint8_t *at = records_at(r, index, &len);

	if (len > WIRE_KEPT_BYTES)
		records_cut(r, index, WIRE_KEPT_BYTES, len - WIRE_KEPT_BYTES);
	memcpy(at, form, WIRE_KEPT_BYTES);
}

static void shorten(struct records *r, size_t index)
{
	uint8_t form[WIRE_KEPT_BYTES];
	size_t len;

	short_form(records_at(r, index, &len), form);
	replace(r, index, form);
}

/* The frames of the first answer that has pages; true: this is a later one. */
static uint64_t first_frames[FRAMES_MAX];
static size_t first_count;

static bool is_later(const struct records *r)
{
	const uint8_t *page;

	if (first_count)
		return true;
	for (size_t n = 0; (page = records_nth(r, RTVMM_RECORD_PAGE, n, NULL)) != NULL; n++)
		if (first_count < FRAMES_MAX)
			first_frames[first_count++] = records_frame(page);
	return false;
}

static bool was_in_first(uint64_t frame)
{
	for (size_t i = 0; i < first_count; i++)
		if (first_frames[i] == frame)
			return true;
	return false;
}

/* --- lies
 * ------------------------------------------------------------------------------------------
 */

/* In a first snapshot: nobody said that he has anything. */
bool records_kept_uninvited(struct records *r)
{
	size_t index;

	if (!records_nth(r, RTVMM_RECORD_PAGE, 0, &index))
		return false;
	shorten(r, index);
	return true;
}

/* What was said of a page in the first snapshot, once more in the second. */
bool records_kept_stale(struct records *r)
{
	static uint8_t form[WIRE_KEPT_BYTES];

	if (!is_later(r)) {
		if (first_count)
			short_form(records_nth(r, RTVMM_RECORD_PAGE, 0, NULL), form);
		return false;
	}
	size_t index = records_index(r, first_frames[0]);
	if (index == r->count)
		return false;
	replace(r, index, form);
	return true;
}

/* 'As before', with the tag of what it is now, of a page that is not as before. */
bool records_kept_changed(struct records *r)
{
	const uint8_t *page;
	size_t index;

	if (!is_later(r))
		return false;
	for (size_t n = 0; (page = records_nth(r, RTVMM_RECORD_PAGE, n, &index)) != NULL; n++) {
		if (!was_in_first(records_frame(page)))
			continue;
		shorten(r, index);
		return true;
	}
	return false;
}

/* 'As before' of a page that was left out of the first snapshot: the server believes that it went. */
bool records_kept_unknown(struct records *r)
{
	size_t index, pages = records_of_type(r, RTVMM_RECORD_PAGE);

	if (!is_later(r)) {
		if (first_count && records_nth(r, RTVMM_RECORD_PAGE, pages / 2, &index)) {
			first_frames[0] = first_frames[pages / 2];
			records_cut(r, index, 0, WIRE_RECORD_BYTES_MAX);
		}
		return false;
	}
	index = records_index(r, first_frames[0]);
	if (index == r->count)
		return false;
	if (records_type(r, index) != RECORDS_KEPT)
		shorten(r, index);
	return true;
}

bool records_kept_flip(struct records *r)
{
	uint8_t *form = kept(r, 0);

	if (form)
		form[WIRE_KEPT_BYTES - 1] ^= 1;
	return form != NULL;
}

/* The tag of one frame for another's page. */
bool records_kept_other(struct records *r)
{
	const size_t frame_at = sizeof(uint32_t);
	uint8_t *a = kept(r, 0), *b = kept(r, 1);

	if (!b)
		return false;
	records_exchange(a + frame_at, b + frame_at, sizeof(uint64_t));
	return true;
}

/* The last short form before the registers goes behind them. */
bool records_kept_reorder(struct records *r)
{
	uint8_t form[WIRE_KEPT_BYTES];
	size_t vcpu, form_at, len;

	if (!records_nth(r, RTVMM_RECORD_VCPU, 0, &vcpu))
		return false;
	for (form_at = vcpu; form_at && records_type(r, form_at - 1) != RECORDS_KEPT;)
		form_at--;
	if (!form_at--)
		return false;
	uint8_t *at = records_at(r, form_at, &len);
	size_t behind = r->ends[vcpu] - r->ends[form_at];
	memcpy(form, at, sizeof(form));
	memmove(at, at + sizeof(form), behind);
	memcpy(at + behind, form, sizeof(form));
	for (size_t i = form_at; i < vcpu; i++)
		r->ends[i] = r->ends[i + 1] - sizeof(form);
	return true;
}

/* In both forms, each with a good tag: what comes out of order the server sends in full. */
const struct err *ask_kept_twice(struct hostile *h, const struct backend_request *request,
				 struct records *ret)
{
	static unsigned snapshots;
	struct backend_request again = *request;

	snapshots += request->op == RTVMM_OP_SNAPSHOT_BEGIN;
	TRY(ask_really(h, request, ret));
	if (snapshots < 2 || request->op != RTVMM_OP_READ)
		return NULL;
	hostile_lied();
	again.count = 1;
	return ask_really(h, &again, ret);
}
