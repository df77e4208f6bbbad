/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of an outside look against two inside ones. */
#include "tests/compat/compare.h"

#include <string.h>

#include "tests/compat/rules.h"
#include "tests/compat/words.h"

/* How many rows before @index have the key of row @index? */
static size_t row_ordinal(const struct table *t, size_t index)
{
	size_t n = 0;

	for (size_t i = 0; i < index; i++)
		n += table_same_key(t, &t->rows[i], &t->rows[index]);
	return n;
}

/* The @ordinal-th row of @in with @row's key. */
static const struct row *row_find(const struct table *in, const struct row *row, size_t ordinal)
{
	for (size_t i = 0; i < in->row_count; i++)
		if (table_same_key(in, &in->rows[i], row) && ordinal-- == 0)
			return &in->rows[i];
	return NULL;
}

static void fail(struct comparison *c, FILE *report, const char *what, const char *inside,
		 const char *outside)
{
	c->failures++;
	if (report)
		fprintf(report, "  %s\n    inside:  %s\n    outside: %s\n", what,
			inside ? inside : "(no such row)", outside ? outside : "(no such row)");
}

static void compare_row(struct comparison *c, const struct looks *looks, const struct row *outside,
			const struct row *before, const struct row *after, FILE *report)
{
	const struct table *t = &looks->outside;

	for (unsigned i = 0; i < t->column_count; i++) {
		const char *b = before ? before->fields[i] : after->fields[i];
		const char *a = after ? after->fields[i] : before->fields[i];

		c->fields++;
		if (!(t->moving ? words_accept(t->moving, b, outside->fields[i], a, &c->rules)
				: rules_accept(t->columns[i].name, b, outside->fields[i], a,
					       &c->rules)))
			fail(c, report, t->columns[i].name, (before ? before : after)->line,
			     outside->line);
	}
}

static const char *header_line(const struct table *t, unsigned index)
{
	return index < t->header_count ? t->header[index] : NULL;
}

/* Lines before the rows, which may have numbers (top, sar). */
static void compare_headers(struct comparison *c, const struct looks *looks, FILE *report)
{
	for (unsigned i = 0; i < looks->before.command->header_lines; i++) {
		const char *b = header_line(&looks->before, i);
		const char *o = header_line(&looks->outside, i);
		const char *a = header_line(&looks->after, i);

		if (!b || !o || !a ? b != o : !words_accept("NUMBER", b, o, a, &c->rules))
			fail(c, report, "header", b, o);
	}
}

/* Rows that both inside looks have, and the outside one has not. */
static void compare_missing(struct comparison *c, const struct looks *looks, FILE *report)
{
	for (size_t i = 0; i < looks->before.row_count; i++) {
		const struct row *row = &looks->before.rows[i];
		size_t ordinal = row_ordinal(&looks->before, i);

		if (row_find(&looks->after, row, ordinal) &&
		    !row_find(&looks->outside, row, ordinal))
			fail(c, report, "missing outside", row->line, NULL);
	}
}

/* Rows in the same order: those common to all looks appear in the same sequence. */
static void compare_order(struct comparison *c, const struct looks *looks, FILE *report)
{
	size_t next = 0;

	for (size_t i = 0; i < looks->outside.row_count; i++) {
		const struct row *row = &looks->outside.rows[i];
		size_t at = next;

		if (!row_find(&looks->before, row, 0) || row_ordinal(&looks->outside, i))
			continue;
		while (at < looks->before.row_count &&
		       !table_same_key(&looks->before, &looks->before.rows[at], row))
			at++;
		if (at == looks->before.row_count)
			fail(c, report, "out of order", looks->before.rows[next].line, row->line);
		else
			next = at;
	}
}

struct comparison compare_looks(const struct looks *looks, FILE *report)
{
	struct comparison c = {0};
	const struct table *out = &looks->outside;

	compare_headers(&c, looks, report);
	for (size_t i = 0; i < out->row_count; i++) {
		size_t ordinal = row_ordinal(out, i);
		const struct row *row = &out->rows[i];
		const struct row *before = row_find(&looks->before, row, ordinal);
		const struct row *after = row_find(&looks->after, row, ordinal);

		c.rows++;
		if (before || after)
			compare_row(&c, looks, row, before, after, report);
		else
			fail(&c, report, "not inside", NULL, row->line);
	}
	compare_missing(&c, looks, report);
	compare_order(&c, looks, report);
	return c;
}
