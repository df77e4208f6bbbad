/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of which only the numbers may move. */
#include "tests/compat/words.h"

#include <ctype.h>
#include <string.h>

#include "tests/compat/rules.h"

static const char separators[] = " \t()[]<>|=,;/";
static const char digits[] = "0123456789.:-";

/* The digits of a word that is a number, without a unit ("3.2G", "28pr"); "2m58s" is 2:58. */
static bool word_digits(const struct word *word, char ret[static 32])
{
	size_t len = word->len;
	int colons = 0;
	double value;

	while (len &&
	       (isalpha((unsigned char)word->at[len - 1]) || strchr("%:", word->at[len - 1])))
		len--;
	if (!len || len >= 32 || !isdigit((unsigned char)word->at[0]))
		return false;
	for (size_t i = 0; i < len; i++) {
		ret[i] = word->at[i] == 'h' || word->at[i] == 'm' ? ':' : word->at[i];
		colons += ret[i] == ':';
	}
	ret[len] = 0;
	return colons <= 2 && strspn(ret, digits) == len && value_parse(ret, &value);
}

/* A separator is a word of its own; so are the name and the number of "rto:204". */
static size_t word_len(const char *at)
{
	size_t len = strcspn(at, separators), name = strcspn(at, ":"), number = strspn(at, digits);

	if (number && at[number] == '%') /* "100%cpu" */
		return number + 1;
	if (*at > '9' && name + 1 < len)
		len = name + 1;
	return len ? len : 1;
}

bool words_next(const char **at, struct word *ret)
{
	char text[32];

	*at += strspn(*at, " \t");
	if (!**at)
		return false;
	ret->at = *at;
	ret->len = word_len(*at);
	ret->is_number = word_digits(ret, text);
	*at += ret->len;
	return true;
}

/* What must be equal in two words: for numbers, all but the digits. */
static bool word_same(const struct word *a, const struct word *b)
{
	size_t x = 0, y = 0;

	if (a->is_number != b->is_number)
		return false;
	if (!a->is_number)
		return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
	for (;; x++, y++) {
		while (x < a->len && strchr(digits, a->at[x]))
			x++;
		while (y < b->len && strchr(digits, b->at[y]))
			y++;
		if (x == a->len || y == b->len)
			return x == a->len && y == b->len;
		if (a->at[x] != b->at[y])
			return false;
	}
}

bool words_same(const char *a, const char *b)
{
	struct word x, y;

	for (;;) {
		bool more = words_next(&a, &x);

		if (more != words_next(&b, &y))
			return false;
		if (!more)
			return true;
		if (!word_same(&x, &y))
			return false;
	}
}

const char *word_rule(const struct word *word, const char *column)
{
	return memchr(word->at, ':', word->len - 1) ? "CLOCK" : column;
}

/* The line of top, busybox's and toybox's about the time between their last two looks. */
static bool is_of_a_moment(const char *line)
{
	return strncmp(line, "%Cpu", 4) == 0 || strncmp(line, "CPU:", 4) == 0 ||
	       strstr(line, "%cpu ");
}

/* htop's has the tasks in the same line: only its share is. */
static bool is_share(const char *line, const struct word *word)
{
	return strncmp(line + strspn(line, " "), "CPU[", 4) == 0 &&
	       word->at[word->len - 1] == '%';
}

bool words_accept(const char *column, const char *before, const char *outside, const char *after,
		  unsigned *used)
{
	struct word b, o, a;
	char x[32], y[32], z[32];
	const char *line = outside;

	if (strcmp(outside, before) == 0 || strcmp(outside, after) == 0)
		return true;
	if (!words_same(before, outside) || !words_same(outside, after))
		return false;
	if (is_of_a_moment(outside))
		column = "RATE";
	while (words_next(&before, &b) && words_next(&outside, &o) && words_next(&after, &a))
		if (o.is_number && word_digits(&b, x) && word_digits(&o, y) && word_digits(&a, z) &&
		    !rules_accept(is_share(line, &o) ? "RATE" : word_rule(&o, column), x, y, z, used))
			return false;
	return true;
}
