/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table - a tool's output as rows of fields, by the column specification of commands.def. */
#ifndef TESTS_COMPAT_TABLE_H
#define TESTS_COMPAT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#define TABLE_COLUMNS_MAX 32

struct column {
	char name[24];
	bool is_key;
	bool is_rest;   /* takes the rest of the line */
	unsigned words; /* of which the field consists */
};

struct command {
	const char *id;
	const char *argv; /* as typed to a shell; "tty ": in a terminal */
	bool is_long;     /* for make compat only */
	unsigned header_lines;
	const char *columns;
	const char *own;      /* pattern of the observing tool's own rows */
	const char *own_part; /* pattern of what it adds to another's row; NULL: nothing */
};

struct row {
	char *line;                      /* owned */
	char *fields[TABLE_COLUMNS_MAX]; /* owned; NULL when the line has fewer */
};

struct table {
	const struct command *command;
	struct column columns[TABLE_COLUMNS_MAX];
	unsigned column_count;
	bool whole_lines;   /* "=" or "~": one field, the line */
	const char *moving; /* "~": the rule for its numbers; else NULL */
	char **header;
	unsigned header_count;
	struct row *rows;
	size_t row_count;
};

/* The commands of commands.def; ends with an id of NULL. */
extern const struct command commands[];
const struct command *command_find(const char *id);

/* Read @path; @is_inside: without the observing tool's own. Exits with a message when it cannot. */
void table_init(struct table *t, const struct command *command, const char *path, bool is_inside);
void table_deinit(struct table *t);

/* Replace a field of a row (and nothing else); @value is copied. */
void row_set_field(struct row *row, unsigned column, const char *value);

/* Do two rows have equal key columns? */
bool table_same_key(const struct table *t, const struct row *a, const struct row *b);

#endif
