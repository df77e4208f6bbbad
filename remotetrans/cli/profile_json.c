/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A profile as JSON. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "kernel-profiles/profile_check.h"
#include "kernel-profiles/rows.h"
#include "remotetrans/cli/profile_text.h"

static json_t *field_json(const struct field *f)
{
	if (f->bit_size)
		return json_pack("{s:i,s:i,s:i,s:i}", "offset", f->offset_bytes, "size",
				 f->size_bytes, "bit_offset", f->bit_offset, "bit_size",
				 f->bit_size);
	return json_pack("{s:i,s:i}", "offset", f->offset_bytes, "size", f->size_bytes);
}

static json_t *fields_json(const struct profile *p)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (p->fields[i].size_bytes)
			json_object_set_new(all, field_rows[i].id, field_json(&p->fields[i]));
	return all;
}

static json_t *sizes_json(const struct profile *p)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < SIZE_COUNT; i++)
		if (p->sizes[i])
			json_object_set_new(all, size_rows[i].id, json_integer(p->sizes[i]));
	return all;
}

static json_t *enumerators_json(const struct profile *p)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++)
		if (p->enumerators[i].present)
			json_object_set_new(all, enumerator_rows[i].id,
					    json_integer(p->enumerators[i].value));
	return all;
}

/* Addresses do not fit JSON's numbers: text. */
static json_t *symbols_json(const struct profile *p)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		if (p->has_symbol[i])
			json_object_set_new(all, symbol_rows[i].id,
					    json_sprintf("0x%" PRIx64, p->symbols[i]));
	return all;
}

static void gap_append(void *context, const struct profile_gap *gap)
{
	json_array_append_new(context, json_pack("{s:s,s:s,s:b}", "kind", gap->keyword, "id",
						 gap->id, "mandatory", gap->must));
}

static json_t *gaps_json(const struct profile *p)
{
	json_t *all = json_array();

	profile_gaps(p, gap_append, all);
	return all;
}

static json_t *hash_json(const struct profile *p)
{
	char text[2 * PROFILE_HASH_BYTES + 1];

	for (unsigned i = 0; i < PROFILE_HASH_BYTES; i++)
		snprintf(text + (size_t)2 * i, 3, "%02x", p->hash[i]);
	return json_string(text);
}

const struct err *profile_print_json(const struct profile *p)
{
	json_t *all =
		json_pack("{s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "release", p->release,
			  "build_id", p->build_id, "banner", p->banner, "sha256", hash_json(p),
			  "fields", fields_json(p), "sizes", sizes_json(p), "enumerators",
			  enumerators_json(p), "symbols", symbols_json(p), "absent", gaps_json(p));

	if (!all)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM,
				 "JSON of a profile (or text that is not UTF-8)");
	int failed = json_dumpf(all, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
	json_decref(all);
	putchar('\n');
	return failed ? ERR(ERR_SYSTEM, "cannot write to standard output") : NULL;
}
