/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A profile's text, as a server gets it from any client. Input: the text; or "+" and lines that
 * follow those that every profile must have.
 */
#include <openssl/sha.h>

#include "kernel-profiles/lines.h"
#include "kernel-profiles/profile_check.h"
#include "kernel-profiles/rows.h"
#include "tests/fuzz/fuzz.h"

#define HEAD "format 1\nbuild-id 0\nrelease 6.1\nbanner Linux version 6.1\n"

/* Readers take offsets and sizes as they are. */
static void check_fields(const struct profile *p)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct field *f = &p->fields[i];

		HOLDS(f->offset_bytes <= 1u << 24 && f->size_bytes <= 1u << 24);
		HOLDS(!f->bit_size || f->size_bytes <= 8);
		HOLDS(!f->bit_size || f->bit_offset + f->bit_size <= 8u * f->size_bytes);
	}
	HOLDS(memchr(p->build_id, 0, sizeof(p->build_id)));
	HOLDS(memchr(p->release, 0, sizeof(p->release)));
	HOLDS(memchr(p->banner, 0, sizeof(p->banner)));
}

static const struct err *rows_write(const struct profile *p, struct lines *l)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct field *f = &p->fields[i];

		if (f->bit_size)
			TRY(lines_add(l, "field %s %u %u %u+%u", field_rows[i].id, f->offset_bytes,
				      f->size_bytes, f->bit_offset, f->bit_size));
		else if (f->size_bytes)
			TRY(lines_add(l, "field %s %u %u", field_rows[i].id, f->offset_bytes,
				      f->size_bytes));
	}
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		if (p->sizes[i])
			TRY(lines_add(l, "size %s %u", size_rows[i].id, p->sizes[i]));
	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++)
		if (p->enumerators[i].present)
			TRY(lines_add(l, "enum %s %lld", enumerator_rows[i].id,
				      (long long)p->enumerators[i].value));
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		if (p->has_symbol[i])
			TRY(lines_add(l, "symbol %s 0x%llx", symbol_rows[i].id,
				      (unsigned long long)p->symbols[i]));
	return NULL;
}

/* The lines that profile_build() writes for what @p says. */
static const struct err *profile_write(const struct profile *p, struct lines *l, char **ret,
				       size_t *ret_len)
{
	TRY(lines_add(l, "format %d", PROFILE_FORMAT));
	TRY(lines_add(l, "build-id %s", p->build_id));
	TRY(lines_add(l, "banner %s", p->banner));
	TRY(lines_add(l, "release %s", p->release));
	TRY(rows_write(p, l));
	return lines_sorted(l, ret, ret_len);
}

/* What was read, written and read again, is the same. */
static void check_stable(const struct profile *p)
{
	static struct profile again;
	struct lines l = {0};
	char *text = NULL;
	size_t len = 0;

	HOLDS(!profile_write(p, &l, &text, &len));
	HOLDS(!profile_read(text, len, &again));
	memcpy(again.hash, p->hash, sizeof(again.hash));
	HOLDS(memcmp(p->fields, again.fields, sizeof(p->fields)) == 0);
	HOLDS(memcmp(p->sizes, again.sizes, sizeof(p->sizes)) == 0);
	HOLDS(memcmp(p->symbols, again.symbols, sizeof(p->symbols)) == 0);
	HOLDS(strcmp(p->banner, again.banner) == 0 && strcmp(p->release, again.release) == 0);
	free(text);
	lines_deinit(&l);
}

static void check_profile(const uint8_t *bytes, size_t len_bytes)
{
	static struct profile p, checked;
	uint8_t hash[PROFILE_HASH_BYTES];
	char missing[64];
	const struct err *e = profile_read((const char *)bytes, len_bytes, &p);

	HOLDS(!e || e->kind == ERR_PROFILE);
	if (e)
		return;
	e = profile_parse((const char *)bytes, len_bytes, &checked);
	HOLDS(!e || e->kind == ERR_PROFILE);
	HOLDS(!e == (profile_missing_list(&p, missing, sizeof(missing)) == 0));
	HOLDS(strlen(missing) < sizeof(missing));
	SHA256(bytes, len_bytes, hash);
	HOLDS(memcmp(hash, p.hash, sizeof(hash)) == 0);
	check_fields(&p);
	check_stable(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	if (!len_bytes || bytes[0] != '+') {
		check_profile(bytes, len_bytes);
		return 0;
	}
	uint8_t *text = malloc(strlen(HEAD) + len_bytes);
	HOLDS(text);
	memcpy(text, HEAD, strlen(HEAD));
	memcpy(text + strlen(HEAD), bytes + 1, len_bytes - 1);
	check_profile(text, strlen(HEAD) + len_bytes - 1);
	free(text);
	return 0;
}
