/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows - fields.def and symbols.def as tables, indexed by the ids of profile.h: for what builds,
 * checks or prints profiles. Readers of guest memory need only profile.h.
 */
#ifndef KP_ROWS_H
#define KP_ROWS_H

#include <stdbool.h>

#include "kernel-profiles/profile.h"

struct field_row {
	const char *id;
	const char *structure; /* alternatives separated by '|' */
	const char *path;      /* likewise */
	bool must;
};

/* A size, an enumerator or a symbol. */
struct name_row {
	const char *id;
	const char *name; /* alternatives separated by '|' */
	bool must;
};

extern const struct field_row field_rows[FIELD_COUNT];
extern const struct name_row size_rows[SIZE_COUNT];
extern const struct name_row enumerator_rows[ENUMERATOR_COUNT];
extern const struct name_row symbol_rows[SYMBOL_COUNT];

enum row_kind {
	ROW_FIELD,
	ROW_SIZE,
	ROW_ENUMERATOR,
	ROW_SYMBOL,
};

#define ROW_COUNT ((unsigned)FIELD_COUNT + SIZE_COUNT + ENUMERATOR_COUNT + SYMBOL_COUNT)

/* Rows by kind and id: a hash table, at most half full. */
#define ROW_SLOTS 8192u /* a power of two */
struct row_index {
	uint16_t slots[ROW_SLOTS]; /* which of all rows, counted from 1, kind by kind; 0: free */
};

void row_index_init(struct row_index *x);

/* The row's number in its table, or -1. */
int row_index_find(const struct row_index *x, enum row_kind kind, const char *id);

#endif
