/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules - which columns may move between two looks, and how far. */
#ifndef TESTS_COMPAT_RULES_H
#define TESTS_COMPAT_RULES_H

#include <stdbool.h>
#include <stdio.h>

/* Exits with a message when rules.def breaks its own rules. */
void rules_check(void);

/**
 * rules_accept() - may @outside stand in @column, given the two inside values?
 * @before, @outside, @after: NULL: no such field
 * @used: in/out: a bit for each rule that was needed, since the values differ
 */
bool rules_accept(const char *column, const char *before, const char *outside, const char *after,
		  unsigned *used);

/* The columns of the rules in @used, each after a blank. */
void rules_print(FILE *to, unsigned used);

/* Does a rule cover @column? Then *tolerance is its. */
bool rules_cover(const char *column, double *tolerance);

/* A number, or a time as [DD-][HH:]MM:SS in seconds. */
bool value_parse(const char *text, double *ret);

#endif
