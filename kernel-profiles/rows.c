/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of fields.def and symbols.def as tables. */
#include "kernel-profiles/rows.h"

#include <string.h>

#define MUST true
#define MAY  false

#define FIELD(id, structure, path, presence, note) {#id, structure, path, presence},
#define SIZE(id, structure, presence, note)
#define ENUMERATOR(id, name, presence, note)
const struct field_row field_rows[FIELD_COUNT] = {
#include "kernel-profiles/fields.def"
};
#undef FIELD
#undef SIZE
#undef ENUMERATOR

#define FIELD(id, structure, path, presence, note)
#define SIZE(id, structure, presence, note) {#id, structure, presence},
#define ENUMERATOR(id, name, presence, note)
const struct name_row size_rows[SIZE_COUNT] = {
#include "kernel-profiles/fields.def"
};
#undef SIZE
#undef ENUMERATOR

#define SIZE(id, structure, presence, note)
#define ENUMERATOR(id, name, presence, note) {#id, name, presence},
const struct name_row enumerator_rows[ENUMERATOR_COUNT] = {
#include "kernel-profiles/fields.def"
};
#undef FIELD
#undef SIZE
#undef ENUMERATOR

#define SYMBOL(id, name, presence, note) {#id, name, presence},
const struct name_row symbol_rows[SYMBOL_COUNT] = {
#include "kernel-profiles/symbols.def"
};
#undef SYMBOL

_Static_assert(ROW_COUNT <= ROW_SLOTS / 2, "the table of rows is at most half full");

/* Of all rows, kind by kind, the first of each kind. */
static const unsigned first_of[] = {
	[ROW_FIELD] = 0,
	[ROW_SIZE] = FIELD_COUNT,
	[ROW_ENUMERATOR] = (unsigned)FIELD_COUNT + SIZE_COUNT,
	[ROW_SYMBOL] = (unsigned)FIELD_COUNT + SIZE_COUNT + ENUMERATOR_COUNT,
	[ROW_SYMBOL + 1] = ROW_COUNT,
};

static const char *id_of(enum row_kind kind, unsigned number)
{
	switch (kind) {
	case ROW_FIELD:
		return field_rows[number].id;
	case ROW_SIZE:
		return size_rows[number].id;
	case ROW_ENUMERATOR:
		return enumerator_rows[number].id;
	case ROW_SYMBOL:
		break;
	}
	return symbol_rows[number].id;
}

static bool is_of(unsigned row, enum row_kind kind, const char *id)
{
	return row >= first_of[kind] && row < first_of[kind + 1] &&
	       strcmp(id_of(kind, row - first_of[kind]), id) == 0;
}

static unsigned hash_of(enum row_kind kind, const char *id)
{
	uint32_t hash = 2166136261u ^ (uint32_t)kind; /* FNV-1a */

	for (; *id; id++)
		hash = (hash ^ (uint8_t)*id) * 16777619u;
	return (hash ^ hash >> 16) % ROW_SLOTS;
}

/* Where the row is, or the free slot where it belongs. */
static unsigned slot_of(const struct row_index *x, enum row_kind kind, const char *id)
{
	unsigned at = hash_of(kind, id);

	while (x->slots[at] && !is_of(x->slots[at] - 1u, kind, id))
		at = (at + 1) % ROW_SLOTS;
	return at;
}

void row_index_init(struct row_index *x)
{
	memset(x, 0, sizeof(*x));
	for (unsigned kind = ROW_FIELD; kind <= ROW_SYMBOL; kind++)
		for (unsigned row = first_of[kind]; row < first_of[kind + 1]; row++) {
			const char *id = id_of(kind, row - first_of[kind]);

			x->slots[slot_of(x, kind, id)] = (uint16_t)(row + 1);
		}
}

int row_index_find(const struct row_index *x, enum row_kind kind, const char *id)
{
	unsigned row = x->slots[slot_of(x, kind, id)];

	return row ? (int)(row - 1 - first_of[kind]) : -1;
}
