/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A remotetransd that lies: for the adversary tests, never installed. It can do whatever a server
 * that has been taken over can do to the records that pass through it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "remotetrans/server/tamper.h"

#define HEADER_AT(member) offsetof(struct rtvmm_header, member)
#define PAYLOAD_AT        WIRE_RECORD_HEAD_BYTES
#define DELAY_S           8
#define OMIT_EVERY        3

/* --- finding and moving records ------------------------------------------------------------------
 */

static uint32_t type_of(const struct records *r, size_t index)
{
	size_t len;
	uint32_t type;

	memcpy(&type, records_at(r, index, &len) + HEADER_AT(type), sizeof(type));
	return type;
}

/* The @nth record of @type, counted from 0; NULL: there are not so many. */
static uint8_t *nth(const struct records *r, uint32_t type, size_t n, size_t *ret_index)
{
	for (size_t i = 0; i < r->count; i++) {
		size_t len;

		if (type_of(r, i) != type || n-- > 0)
			continue;
		if (ret_index)
			*ret_index = i;
		return records_at(r, i, &len);
	}
	return NULL;
}

static size_t count_of(const struct records *r, uint32_t type)
{
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++)
		count += type_of(r, i) == type;
	return count;
}

static void exchange(uint8_t *a, uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t kept = a[i];

		a[i] = b[i];
		b[i] = kept;
	}
}

/* Cut @cut bytes out of record @index, from @offset in it on; all of it: the record is gone. */
static void cut(struct records *r, size_t index, size_t offset, size_t cut_bytes)
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
	cut(r, index, 0, len);
}

/* --- pages ---------------------------------------------------------------------------------------
 */

static void tamper_flip(struct records *r)
{
	uint8_t *page = nth(r, RTVMM_RECORD_PAGE, count_of(r, RTVMM_RECORD_PAGE) / 2, NULL);

	if (page)
		page[PAYLOAD_AT + 0x123] ^= 0x10;
}

static void tamper_flip_last(struct records *r)
{
	size_t pages = count_of(r, RTVMM_RECORD_PAGE);

	if (pages)
		nth(r, RTVMM_RECORD_PAGE, pages - 1, NULL)[PAYLOAD_AT + 4095] ^= 1;
}

static bool two_pages(const struct records *r, uint8_t **a, uint8_t **b)
{
	*a = nth(r, RTVMM_RECORD_PAGE, 0, NULL);
	*b = nth(r, RTVMM_RECORD_PAGE, 1, NULL);
	return *b != NULL;
}

static void tamper_swap(struct records *r)
{
	uint8_t *a, *b;

	if (two_pages(r, &a, &b))
		exchange(a + PAYLOAD_AT, b + PAYLOAD_AT, RTVMM_FRAME_BYTES);
}

static void tamper_swap_records(struct records *r)
{
	uint8_t *a, *b;

	if (two_pages(r, &a, &b))
		exchange(a, b, WIRE_RECORD_BYTES_MAX);
}

static void tamper_relabel(struct records *r)
{
	uint8_t *a, *b;

	if (two_pages(r, &a, &b))
		exchange(a + HEADER_AT(subject), b + HEADER_AT(subject), sizeof(uint64_t));
}

static void tamper_repeat(struct records *r)
{
	uint8_t *a, *b;

	if (two_pages(r, &a, &b))
		memcpy(b, a, WIRE_RECORD_BYTES_MAX);
}

static void tamper_deny(struct records *r)
{
	const uint32_t type = RTVMM_RECORD_NOT_RAM, no_bytes = 0;
	size_t index;
	uint8_t *page = nth(r, RTVMM_RECORD_PAGE, 0, &index);

	if (!page)
		return;
	memcpy(page + HEADER_AT(type), &type, sizeof(type));
	memcpy(page + HEADER_AT(payload_bytes), &no_bytes, sizeof(no_bytes));
	cut(r, index, PAYLOAD_AT, RTVMM_FRAME_BYTES);
}

static void tamper_zero_tag(struct records *r)
{
	uint8_t *page = nth(r, RTVMM_RECORD_PAGE, 0, NULL);

	if (page)
		memset(page + RTVMM_HEADER_BYTES, 0, RTVMM_TAG_BYTES);
}

static void tamper_generation(struct records *r)
{
	uint8_t *page = nth(r, RTVMM_RECORD_PAGE, 0, NULL);

	if (page && nth(r, RTVMM_RECORD_SNAPSHOT, 0, NULL))
		page[HEADER_AT(generation)]++;
}

/* --- what is there at all ------------------------------------------------------------------------
 */

static void tamper_omit(struct records *r)
{
	if (!nth(r, RTVMM_RECORD_SNAPSHOT, 0, NULL))
		return;
	for (size_t i = r->count; i-- > 0;)
		if (type_of(r, i) == RTVMM_RECORD_PAGE && i % OMIT_EVERY == 0)
			drop(r, i);
}

static void tamper_omit_end(struct records *r)
{
	size_t index;

	if (nth(r, RTVMM_RECORD_SNAPSHOT, 1, &index))
		drop(r, index);
}

static void tamper_omit_vcpu(struct records *r)
{
	size_t index;

	if (nth(r, RTVMM_RECORD_VCPU, 0, &index))
		drop(r, index);
}

static void tamper_registers(struct records *r)
{
	uint8_t *vcpu = nth(r, RTVMM_RECORD_VCPU, 0, NULL);

	if (vcpu)
		vcpu[PAYLOAD_AT + offsetof(struct rtvmm_vcpu, cr3) + 1] ^= 0x10;
}

static void tamper_delay(struct records *r)
{
	const struct timespec t = {.tv_sec = DELAY_S};

	(void)r;
	nanosleep(&t, NULL);
}

/* --- earlier answers -----------------------------------------------------------------------------
 */

/* One answer kept in the file $RT_HOSTILE_STORE: length, count, ends, bytes. */
static const char *store_path(void)
{
	const char *path = getenv("RT_HOSTILE_STORE");

	if (path)
		return path;
	fputs("hostile remotetransd: RT_HOSTILE_STORE is not set\n", stderr);
	abort();
}

static void store_write(const struct records *r)
{
	FILE *f = fopen(store_path(), "we");

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
	FILE *f = fopen(store_path(), "re");
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

/* The first answer with pages is kept and passed on; later ones are replaced by it. */
static void tamper_replay_session(struct records *r)
{
	if (count_of(r, RTVMM_RECORD_PAGE) && !store_read(r))
		store_write(r);
}

/* Within one connection: every question after the first gets the first one's answer. */
static void tamper_replay(struct records *r)
{
	static bool kept;

	if (!count_of(r, RTVMM_RECORD_PAGE))
		return;
	if (kept)
		store_read(r);
	else
		store_write(r);
	kept = true;
}

/* One page of the first answer, in the place of the same frame's in later ones. */
static void tamper_replay_frame(struct records *r)
{
	static uint8_t kept[WIRE_RECORD_BYTES_MAX];
	uint64_t frame, wanted;
	uint8_t *page = nth(r, RTVMM_RECORD_PAGE, 0, NULL);

	if (page && !kept[0]) {
		memcpy(kept, page, sizeof(kept));
		return;
	}
	memcpy(&wanted, kept + HEADER_AT(subject), sizeof(wanted));
	for (size_t n = 0; (page = nth(r, RTVMM_RECORD_PAGE, n, NULL)) != NULL; n++) {
		memcpy(&frame, page + HEADER_AT(subject), sizeof(frame));
		if (frame == wanted)
			memcpy(page, kept, sizeof(kept));
	}
}

/* --- OPEN ----------------------------------------------------------------------------------------
 */

static void open_vmm_key(uint8_t *reply)
{
	reply[offsetof(struct rtvmm_open_reply, vmm_static)] ^= 1;
}

static void open_small_order(uint8_t *reply)
{
	memset(reply + offsetof(struct rtvmm_open_reply, vmm_ephemeral), 0, RTVMM_KEY_BYTES);
}

static void open_confirm(uint8_t *reply)
{
	reply[offsetof(struct rtvmm_open_reply, confirm)] ^= 1;
}

#define tamper_vmm_key     NULL
#define tamper_small_order NULL
#define tamper_confirm     NULL

static void (*open_behaviour(const char *name))(uint8_t *)
{
	if (strcmp(name, "vmm_key") == 0)
		return open_vmm_key;
	if (strcmp(name, "small_order") == 0)
		return open_small_order;
	return strcmp(name, "confirm") == 0 ? open_confirm : NULL;
}

/* --- the seam ------------------------------------------------------------------------------------
 */

struct behaviour {
	const char *name;
	void (*apply)(struct records *r);
};

static const struct behaviour behaviours[] = {
#define BEHAVIOUR(name, kind, says) {#name, tamper_##name},
#include "tests/adversary/behaviours.def"
};

static const struct behaviour *chosen(void)
{
	const char *name = getenv("RT_HOSTILE");

	for (size_t i = 0; name && i < sizeof(behaviours) / sizeof(behaviours[0]); i++)
		if (strcmp(behaviours[i].name, name) == 0)
			return &behaviours[i];
	fputs("hostile remotetransd: RT_HOSTILE names no behaviour of behaviours.def\n", stderr);
	abort();
}

void tamper_records(enum msg_type request, struct records *records)
{
	(void)request;
	if (chosen()->apply)
		chosen()->apply(records);
}

void tamper_open(uint8_t *reply)
{
	void (*open)(uint8_t *) = open_behaviour(chosen()->name);

	if (open)
		open(reply);
}
