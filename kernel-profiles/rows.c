/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of fields.def and symbols.def as tables. */
#include "kernel-profiles/rows.h"

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
