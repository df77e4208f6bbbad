/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of fields.def and symbols.def as tables. */
#include "kernel-profiles/rows.h"

#include <stdlib.h>
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

static int place_compare(const void *a, const void *b)
{
	const struct row_place *x = a, *y = b;

	return x->kind == y->kind ? strcmp(x->id, y->id) : (int)x->kind - (int)y->kind;
}

void row_index_init(struct row_index *x)
{
	struct row_place *next = x->places;

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		*next++ = (struct row_place){field_rows[i].id, ROW_FIELD, i};
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		*next++ = (struct row_place){size_rows[i].id, ROW_SIZE, i};
	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++)
		*next++ = (struct row_place){enumerator_rows[i].id, ROW_ENUMERATOR, i};
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		*next++ = (struct row_place){symbol_rows[i].id, ROW_SYMBOL, i};
	qsort(x->places, ROW_COUNT, sizeof(x->places[0]), place_compare);
}

int row_index_find(const struct row_index *x, enum row_kind kind, const char *id)
{
	struct row_place wanted = {.id = id, .kind = kind};
	const struct row_place *found =
		bsearch(&wanted, x->places, ROW_COUNT, sizeof(x->places[0]), place_compare);

	return found ? (int)found->number : -1;
}
