/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules - which fields move while one looks, and by how much. */
#ifndef TEST_TREE_RULES_H
#define TEST_TREE_RULES_H

#include <stdbool.h>
#include <stddef.h>

/* Where a word stands: in its line, counted from 1, and from the end; and the line's first word. */
struct place {
	const char *pattern; /* of the file: see path_fold() */
	const char *label;   /* NUL-terminated */
	int column, from_end;
};

struct rule;

/* NULL: the word may not move. */
const struct rule *rule_at(const struct place *place);
double rule_tolerance(const struct rule *rule);
const char *rule_reason(const struct rule *rule);

/* Does a rule name this file? It is NULL where none does. */
const struct rule *rule_of_file(const char *pattern);

/* Is the word @outside, of @len characters, between those of the inside looks? */
bool rule_accepts(const struct rule *rule, const char *before, const char *outside,
		  const char *after);

/*
 * A word as a text, a number, and a text; false where no number is in it.
 */
struct word {
	int prefix_len;
	double number;
	const char *suffix;
};
bool word_parse(const char *text, struct word *ret);

/* Why the entry says something else to each observer; else NULL. */
const char *observer_reason(const char *pattern);

/* Why tree.def says that the content is not available; else NULL. */
const char *unavailable_reason(const char *pattern);

#endif
