/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel's type information. Input: the .BTF section. */
#include "kernel-profiles/btf.h"
#include "kernel-profiles/rows.h"
#include "tests/fuzz/fuzz.h"

#define STRUCT_BYTES_MAX (1u << 24)

static void check_field(const struct btf *b, const struct field_row *row)
{
	struct field f = {0};
	const struct err *e = btf_field(b, row->structure, row->path, &f);

	HOLDS(!e || e->kind == ERR_ABSENT);
	if (e)
		return;
	HOLDS(f.size_bytes && f.size_bytes <= STRUCT_BYTES_MAX);
	HOLDS(!f.bit_size || f.size_bytes <= 8);
	HOLDS(!f.bit_size || f.bit_offset + f.bit_size <= 8u * f.size_bytes);
}

static void check_types(const struct btf *b)
{
	for (uint32_t id = 0; id < b->count; id++) {
		const struct btf_type *t = btf_resolve(b, id);

		HOLDS(t >= b->all && t < b->all + b->count);
		HOLDS(strlen(btf_name(b, b->all[id].name)) < b->strings.len_bytes);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct span section = {.bytes = bytes, .len_bytes = len_bytes};
	struct btf b;
	const struct err *e = btf_init(&b, &section);

	HOLDS(!e || e->kind == ERR_PROTO);
	if (e)
		return 0;
	check_types(&b);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		check_field(&b, &field_rows[i]);
	for (unsigned i = 0; i < SIZE_COUNT; i++) {
		uint32_t size = 0;

		e = btf_size(&b, size_rows[i].name, &size);
		HOLDS(e ? e->kind == ERR_ABSENT : size && size <= STRUCT_BYTES_MAX);
	}
	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++) {
		int64_t value;

		e = btf_enumerator(&b, enumerator_rows[i].name, &value);
		HOLDS(!e || e->kind == ERR_ABSENT);
	}
	btf_deinit(&b);
	return 0;
}
