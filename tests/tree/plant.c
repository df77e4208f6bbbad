/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wrong values, planted in what the outside look says. */
#include "tests/tree/plant.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tree/rules.h"

#define BLANKS " \t\n"

static bool is_noticed(const char *pattern, const struct looks *l, const struct record *wrong)
{
	struct looks looks = {l->before, wrong, l->after};
	char why[WHY_BYTES];

	return compare_entry(pattern, &looks, why, sizeof(why)) > OBSERVED;
}

static bool mode_noticed(const char *pattern, const struct looks *l)
{
	struct record wrong = *l->outside;

	wrong.mode ^= 0002;
	return is_noticed(pattern, l, &wrong);
}

/* The word in the middle of the text, or of what precedes it. */
static const char *middle_word(const struct record *e, size_t *ret_len)
{
	const char *at = e->text + e->len / 2;

	while (at > e->text && strchr(BLANKS, *at))
		at--;
	while (at > e->text && !strchr(BLANKS, at[-1]))
		at--;
	*ret_len = strcspn(at, BLANKS);
	return at;
}

/* Another word: a number beyond any tolerance, or another first character. */
static void spoil(const char *word, size_t len, char *ret, size_t size)
{
	char text[256];
	struct word w;

	snprintf(text, sizeof(text), "%.*s", (int)len, word);
	if (word_parse(text, &w))
		snprintf(ret, size, "%.*s%.0f%s", w.prefix_len, text, 3 * w.number + 98765432109.0,
			 w.suffix);
	else
		snprintf(ret, size, "%c%s", *text == 'x' ? 'y' : 'x', *text ? text + 1 : "");
}

static bool text_noticed(const char *pattern, const struct looks *l)
{
	struct record wrong = *l->outside;
	size_t len;
	const char *word = middle_word(l->outside, &len);
	char other[512];

	spoil(word, len, other, sizeof(other));
	size_t before = (size_t)(word - l->outside->text), added = strlen(other);
	char *text = calloc(1, l->outside->len + added + 1);
	if (!text)
		err(2, "memory");
	memcpy(text, l->outside->text, before);
	memcpy(text + before, other, added);
	memcpy(text + before + added, word + len, l->outside->len - before - len);
	wrong.text = text;
	wrong.len = l->outside->len - len + added;
	bool noticed = is_noticed(pattern, l, &wrong);
	free(text);
	return noticed;
}

static int missed(const char *path, const char *what)
{
	printf("  a wrong %s of %s is not noticed\n", what, path);
	return 1;
}

int plant(const struct patterns *all, const struct archive *before, const struct archive *outside,
	  const struct archive *after)
{
	int planted = 0, not_noticed = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct pattern *p = &all->patterns[i];

		if (!p->good || p->verdict > TOLERATED)
			continue;
		struct looks l = {archive_find(before, p->good), archive_find(outside, p->good),
				  archive_find(after, p->good)};
		planted++;
		if (!mode_noticed(p->name, &l))
			not_noticed += missed(p->good, "mode");
		if (l.outside->type != 'd' && !text_noticed(p->name, &l))
			not_noticed += missed(p->good, "value");
	}
	printf("%d patterns with a planted value and mode, %d not noticed\n", planted, not_noticed);
	return not_noticed != 0;
}
