/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One entry in three looks. */
#include "tests/tree/compare.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/tree/rules.h"

#define WORD_BYTES 256
#define BLANKS     " \t/" /* running/all of loadavg, too */

/* A place in a text: words, and the lines that they are in. */
struct cursor {
	const char *at;
	char label[WORD_BYTES], word[WORD_BYTES];
	int column;
};

/* The next word of the line; false at its end. */
static bool next_word(struct cursor *c)
{
	c->at += strspn(c->at, BLANKS);
	size_t len = strcspn(c->at, BLANKS "\n");
	if (!len)
		return false;
	snprintf(c->word, sizeof(c->word), "%.*s", (int)len, c->at);
	c->at += len;
	if (++c->column == 1)
		snprintf(c->label, sizeof(c->label), "%s", c->word);
	return true;
}

static int words_left(const char *at)
{
	int n = 0;

	for (;; n++) {
		at += strspn(at, BLANKS);
		size_t len = strcspn(at, BLANKS "\n");
		if (!len)
			return n;
		at += len;
	}
}

static enum verdict worse(enum verdict a, enum verdict b)
{
	return a > b ? a : b;
}

static enum verdict differ(char *why, size_t size, const char *what, const char *label,
			   const char *inside, const char *outside)
{
	snprintf(why, size, "%s%s%s: %.100s inside, %.100s outside", what,
		 *label ? " of line " : "", label, inside, outside);
	return DIFFERENT;
}

static enum verdict compare_word(const char *pattern, const struct cursor *b,
				 const struct cursor *o, const struct cursor *a, char *why,
				 size_t size)
{
	struct place place = {pattern, b->label, b->column, words_left(b->at) + 1};
	char what[32];

	if (strcmp(o->word, b->word) == 0 || strcmp(o->word, a->word) == 0)
		return SAME;
	const struct rule *rule = rule_at(&place);
	if (rule && rule_accepts(rule, b->word, o->word, a->word))
		return TOLERATED;
	if (!rule && strcmp(b->word, a->word) != 0)
		return MOVED;
	snprintf(what, sizeof(what), "word %d", place.column);
	return differ(why, size, what, b->label, b->word, o->word);
}

static enum verdict compare_line(const char *pattern, struct cursor *b, struct cursor *o,
				 struct cursor *a, char *why, size_t size)
{
	enum verdict all = SAME;
	bool more;

	b->column = o->column = a->column = 0;
	while ((more = next_word(b))) {
		if (!next_word(o) || !next_word(a))
			break;
		all = worse(all, compare_word(pattern, b, o, a, why, size));
		if (all == DIFFERENT)
			return all;
	}
	if (more || next_word(o) || next_word(a))
		return differ(why, size, "number of words", b->label, b->word, o->word);
	return all;
}

/* Word by word; blanks between them are compared where the texts are to be equal. */
static enum verdict compare_words(const char *pattern, const struct looks *looks, char *why,
				  size_t size)
{
	struct cursor b = {.at = looks->before->text}, o = {.at = looks->outside->text},
		      a = {.at = looks->after->text};
	enum verdict all = SAME;

	while (*b.at && *o.at && *a.at) {
		all = worse(all, compare_line(pattern, &b, &o, &a, why, size));
		if (all == DIFFERENT)
			return all;
		b.at += *b.at == '\n';
		o.at += *o.at == '\n';
		a.at += *a.at == '\n';
	}
	if (*b.at || *o.at || *a.at)
		return differ(why, size, "number of lines", "", *b.at ? "more" : "fewer",
			      *o.at ? "more" : "fewer");
	return worse(all, TOLERATED);
}

static bool same_text(const struct record *a, const struct record *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* Where two texts part: some characters around it. */
static void show_difference(const struct record *in, const struct record *out, char *why,
			    size_t size)
{
	size_t at = 0, line = 1;

	while (at < in->len && at < out->len && in->text[at] == out->text[at])
		line += in->text[at++] == '\n';
	size_t from = at > 20 ? at - 20 : 0;
	snprintf(why, size, "at byte %zu, line %zu: '%.60s' inside, '%.60s' outside", at, line,
		 in->text + from, out->text + from);
	for (; *why; why++)
		if (*why > 0 && *why < ' ')
			*why = '~';
}

static enum verdict compare_text(const char *pattern, const struct looks *l, char *why, size_t size)
{
	bool moves = !same_text(l->before, l->after);

	if (same_text(l->outside, l->before) || same_text(l->outside, l->after))
		return SAME;
	if (observer_reason(pattern))
		return OBSERVED;
	if (rule_of_file(pattern))
		return compare_words(pattern, l, why, size);
	show_difference(l->before, l->outside, why, size);
	return moves ? MOVED : DIFFERENT;
}

static bool same_attributes(const struct record *a, const struct record *b)
{
	return a->type == b->type && a->mode == b->mode && a->uid == b->uid && a->gid == b->gid;
}

enum verdict compare_entry(const char *pattern, const struct looks *l, char *why, size_t size)
{
	const struct record *b = l->before, *o = l->outside, *a = l->after;
	bool moves = !same_attributes(b, a) || b->error != a->error;

	*why = 0;
	if (!o)
		return MISSING;
	if (!same_attributes(o, b) && !same_attributes(o, a)) {
		snprintf(why, size, "%c%04o %u:%u inside, %c%04o %u:%u outside", b->type, b->mode,
			 b->uid, b->gid, o->type, o->mode, o->uid, o->gid);
		return moves ? MOVED : DIFFERENT;
	}
	if (o->error != b->error && o->error != a->error) {
		snprintf(why, size, "%s inside, %s outside", b->error ? strerror(b->error) : "read",
			 o->error ? strerror(o->error) : "read");
		return unavailable_reason(pattern) ? DECLARED : moves ? MOVED : DIFFERENT;
	}
	return compare_text(pattern, l, why, size);
}
