/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Printing and comparing profiles. */
#include "remotetrans/cli/profile_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel-profiles/lines.h"
#include "kernel-profiles/profile_check.h"
#include "kernel-profiles/rows.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/cli/command.h"

static void field_print(const struct field_row *row, const struct field *f)
{
	printf("field   %-36s offset %6u  size %5u", row->id, f->offset_bytes, f->size_bytes);
	if (f->bit_size)
		printf("  bits %u..%u", f->bit_offset, f->bit_offset + f->bit_size - 1u);
	printf("  # %s: %s\n", row->structure, row->path);
}

static void rows_print(const struct profile *p)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (p->fields[i].size_bytes)
			field_print(&field_rows[i], &p->fields[i]);
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		if (p->sizes[i])
			printf("size    %-36s %u\n", size_rows[i].id, p->sizes[i]);
	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++)
		if (p->enumerators[i].present)
			printf("enum    %-36s %" PRId64 "\n", enumerator_rows[i].id,
			       p->enumerators[i].value);
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		if (p->has_symbol[i])
			printf("symbol  %-36s 0x%" PRIx64 "\n", symbol_rows[i].id, p->symbols[i]);
}

static void gap_print(void *context, const struct profile_gap *gap)
{
	(void)context;
	printf("%-7s %-7s %-28s  # %s%s%s\n", gap->must ? "MISSING" : "absent", gap->keyword,
	       gap->id, gap->name, gap->path ? ": " : "", gap->path ? gap->path : "");
}

static void hash_text(const struct profile *p, char ret[2 * PROFILE_HASH_BYTES + 1])
{
	for (unsigned i = 0; i < PROFILE_HASH_BYTES; i++)
		snprintf(ret + (size_t)2 * i, 3, "%02x", p->hash[i]);
}

void profile_print(const struct profile *p)
{
	char hash[2 * PROFILE_HASH_BYTES + 1];

	hash_text(p, hash);
	printf("release  %s\nbuild-id %s\nsha256   %s\nbanner   %s\n\n", p->release, p->build_id,
	       hash, p->banner);
	rows_print(p);
	profile_gaps(p, gap_print, NULL);
}
