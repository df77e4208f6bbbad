/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words - lines of which only the numbers may move: "up 3 min, load average: 0.12". */
#ifndef TESTS_COMPAT_WORDS_H
#define TESTS_COMPAT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* One word of a line. */
struct word {
	const char *at;
	size_t len;
	bool is_number; /* of digits, signs of time, and one unit at most */
};

/**
 * words_next() - the word at or behind *at
 * @at: in/out: where to look, then the end of the word
 *
 * Return: false at the end of the line.
 */
bool words_next(const char **at, struct word *ret);

/* Are two lines the same but for their numbers, and the blanks before words? */
bool words_same(const char *a, const char *b);

/**
 * words_accept() - may @outside stand between two lines that are the same but for numbers?
 * @column: the rule for plain numbers; times of day and durations have CLOCK
 * @used:   in/out: the rules that were needed, see rules_accept()
 */
bool words_accept(const char *column, const char *before, const char *outside, const char *after,
		  unsigned *used);

/* The rule for a word that is a number, when plain ones have @column. */
const char *word_rule(const struct word *word, const char *column);

#endif
