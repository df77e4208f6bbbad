/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recorded guest memory, edited by a fuzz input. */
#include "tests/fuzz/recording.h"

#include <zlib.h>

#include "remotetrans/base/addr.h"

#define CHAIN_STEP  64u
#define CHAIN_BYTES (4u << 20) /* of each 64 MiB, so that a chain ends */
#define CHAIN_SPAN  (64u << 20)

struct recorded_slot {
	bool used;
	struct recorded_page key;
	uint64_t words[RECORDING_WORDS];
};

/* --- pages ----------------------------------------------------------------------------------- */

static struct recorded_slot *slot_of(const struct recording *r, uint64_t pgd, uint64_t page)
{
	uint64_t hash = (page ^ pgd * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xff51afd7ed558ccd);
	size_t at = (size_t)(hash >> 20) & (r->slot_count - 1);

	while (r->slots[at].used && (r->slots[at].key.pgd != pgd || r->slots[at].key.page != page))
		at = (at + 1) & (r->slot_count - 1);
	return &r->slots[at];
}

static void grow(struct recording *r)
{
	struct recording old = *r;

	r->slot_count = old.slot_count ? 2 * old.slot_count : 256;
	r->slots = calloc(r->slot_count, sizeof(*r->slots));
	if (!r->slots)
		abort();
	for (size_t i = 0; i < old.slot_count; i++)
		if (old.slots[i].used)
			*slot_of(r, old.slots[i].key.pgd, old.slots[i].key.page) = old.slots[i];
	free(old.slots);
}

static struct recorded_slot *slot_make(struct recording *r, uint64_t pgd, uint64_t page)
{
	if (2 * (r->page_count + 1) > r->slot_count)
		grow(r);
	struct recorded_slot *slot = slot_of(r, pgd, page);
	if (!slot->used) {
		slot->used = true;
		slot->key.pgd = pgd;
		slot->key.page = page;
		r->page_count++;
	}
	return slot;
}

static bool is_touched(const struct recorded_slot *s, unsigned word)
{
	return s->key.touched[word / 8] >> word % 8 & 1;
}

void recording_add(struct recording *r, uint64_t pgd, uint64_t at, const void *bytes,
		   size_t len_bytes)
{
	const uint8_t *from = bytes;

	for (size_t i = 0; i < len_bytes; i++) {
		struct recorded_slot *s = slot_make(r, pgd, (at + i) >> FRAME_SHIFT);
		unsigned offset = (unsigned)((at + i) & (FRAME_BYTES - 1));

		((uint8_t *)s->words)[offset] = from[i];
		s->key.touched[offset / 64] |= (uint8_t)(1u << offset / 8 % 8);
	}
}

/* --- the file -------------------------------------------------------------------------------- */

void recording_save(const struct recording *r, const char *path)
{
	gzFile file = gzopen(path, "wb9");

	for (size_t i = 0; file && i < r->slot_count; i++) {
		const struct recorded_slot *s = &r->slots[i];

		if (!s->used)
			continue;
		gzwrite(file, &s->key, sizeof(s->key));
		for (unsigned w = 0; w < RECORDING_WORDS; w++)
			if (is_touched(s, w))
				gzwrite(file, &s->words[w], 8);
	}
	if (!file || gzclose(file) != Z_OK)
		abort();
}

void recording_load(struct recording *r, const char *path)
{
	gzFile file = gzopen(path, "rb");
	struct recorded_page key;

	if (!file) {
		fprintf(stderr, "%s: cannot be read\n", path);
		abort();
	}
	while (gzread(file, &key, sizeof(key)) == sizeof(key)) {
		struct recorded_slot *s = slot_make(r, key.pgd, key.page);

		s->key = key;
		for (unsigned w = 0; w < RECORDING_WORDS; w++)
			if (is_touched(s, w) && gzread(file, &s->words[w], 8) != 8)
				abort();
	}
	gzclose(file);
}

/* --- lies ------------------------------------------------------------------------------------ */

static const struct err *recording_read(struct memsrc *src, struct memspace space, gva_t at,
					void *ret, size_t len_bytes);

void recording_begin(struct recording *r, uint32_t reads_max)
{
	r->src.read = recording_read;
	r->beyond = BEYOND_FAULT;
	r->edit_count = 0;
	r->reads = 0;
	r->reads_max = reads_max;
	memset(r->recent, 0, sizeof(r->recent));
}

enum { EDIT_VALUE, EDIT_SELF, EDIT_RECENT, EDIT_ADD, EDIT_FLIP, EDIT_SMALL, EDIT_ONES, EDIT_KINDS };

void recording_edit(struct recording *r, struct input *in)
{
	struct recording_edit *e = &r->edits[r->edit_count];
	uint8_t kind = input_u8(in);
	uint32_t at_read = input_u16(in);
	uint16_t offset = input_u16(in);

	if (r->edit_count == RECORDING_EDITS)
		return;
	*e = (struct recording_edit){
		.kind = kind % EDIT_KINDS, .at_read = at_read, .offset = offset};
	e->value = e->kind == EDIT_VALUE ? input_u64(in) : input_u16(in);
	r->edit_count++;
}

static uint64_t edited(const struct recording *r, const struct recording_edit *e, uint64_t read_at,
		       uint64_t word)
{
	uint64_t low = e->value & 0xff;

	switch (e->kind) {
	case EDIT_VALUE:
		return e->value;
	case EDIT_SELF:
		return read_at + (uint64_t)(int64_t)(int16_t)e->value;
	case EDIT_RECENT:
		return r->recent[(r->reads - 1 - low) % RECORDING_RECENT] + (e->value >> 8) * 8;
	case EDIT_ADD:
		return word + (uint64_t)(int64_t)(int16_t)e->value;
	case EDIT_FLIP:
		return word ^ UINT64_C(1) << low % 64;
	case EDIT_SMALL:
		return e->value;
	default:
		return ~(uint64_t)0 >> low % 64;
	}
}

static bool beyond_word(const struct recording *r, uint64_t at, uint64_t *ret)
{
	*ret = 0;
	if (r->beyond == BEYOND_CHAIN)
		*ret = at + CHAIN_STEP;
	return r->beyond == BEYOND_ZERO ||
	       (r->beyond == BEYOND_CHAIN && at % CHAIN_SPAN < CHAIN_BYTES);
}

bool recording_word(const struct recording *r, uint64_t pgd, uint64_t at, uint64_t *ret)
{
	const struct recorded_slot *s = slot_of(r, pgd, at >> FRAME_SHIFT);
	unsigned word = (unsigned)(at & (FRAME_BYTES - 1)) / 8;

	for (unsigned i = r->edit_count; i-- > 0;)
		if (r->edits[i].done && r->edits[i].at == at && r->edits[i].pgd == pgd) {
			*ret = r->edits[i].word;
			return true;
		}
	if (!s->used || !is_touched(s, word))
		return false;
	*ret = s->words[word];
	return true;
}

/* The edits that this read meets take effect, from now on. */
static void edits_meet(struct recording *r, uint64_t pgd, uint64_t at, size_t len_bytes)
{
	for (unsigned i = 0; i < r->edit_count; i++) {
		struct recording_edit *e = &r->edits[i];
		uint64_t word = 0, where = (at + e->offset % len_bytes) & ~(uint64_t)7;

		if (e->done || r->reads < e->at_read)
			continue;
		(void)recording_word(r, pgd, where, &word);
		e->word = edited(r, e, at, word);
		e->pgd = pgd;
		e->at = where;
		e->done = true;
	}
}

static const struct err *recording_read(struct memsrc *src, struct memspace space, gva_t at,
					void *ret, size_t len_bytes)
{
	struct recording *r = (struct recording *)src;
	uint8_t *to = ret;

	HOLDS(++r->reads <= r->reads_max + RECORDING_FAULTS_MAX);
	if (r->reads > r->reads_max)
		return ERR_AT(ERR_FAULT, at.v, "0x%llx is not mapped any more",
			      (unsigned long long)at.v);
	HOLDS(len_bytes <= 1u << 22);
	if (!len_bytes)
		return NULL;
	edits_meet(r, space.pgd.v, at.v, len_bytes);
	r->recent[r->reads % RECORDING_RECENT] = at.v;
	for (size_t i = 0; i < len_bytes;) {
		uint64_t where = at.v + i, word;
		size_t skip = where & 7, part = 8 - skip < len_bytes - i ? 8 - skip : len_bytes - i;

		if (!recording_word(r, space.pgd.v, where & ~(uint64_t)7, &word) &&
		    !beyond_word(r, where & ~(uint64_t)7, &word))
			return ERR_AT(ERR_FAULT, where, "0x%llx is not mapped",
				      (unsigned long long)where);
		memcpy(to + i, (uint8_t *)&word + skip, part);
		i += part;
	}
	return NULL;
}
