/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules.def, and the reasons of tree.def. */
#include "tests/tree/rules.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum kind { MONOTONIC, GAUGE };

struct rule {
	const char *file, *label;
	int first, last;
	enum kind kind;
	double tolerance;
	const char *reason;
};

#define RULE(file, label, first, last, kind, tolerance, reason)                                    \
	{file, label, first, last, kind, tolerance, reason},
#define OBSERVER(file, reason)
static const struct rule rules[] = {
#include "tests/tree/rules.def"
};
#undef RULE
#undef OBSERVER

struct reason {
	const char *path, *text;
};

#define RULE(file, label, first, last, kind, tolerance, reason)
#define OBSERVER(file, reason) {file, reason},
static const struct reason observers[] = {
#include "tests/tree/rules.def"
};

#define DIR(path, mode)
#define TOP_IF(path, mode, has_children, top)
#define TOP_OF(path, mode, list, find, top)
#define DIR_ATTR(path, mode, list, find, attr)
#define DIR_OF(path, mode, list, find)
#define FILE_(path, mode, render)
#define LINES(path, mode, render)
#define FILE_IF(path, mode, render, present)
#define FILE_ATTR(path, mode, render, attr)
#define SYMLINK(path, readlink)
#define MAGIC(path, mode, readlink, stat_target)
#define MAGIC_IF(path, mode, readlink, stat_target, present)
#define DEVICE(path, mode, attr)
#define BRANCH(path, list, find, render)
#define BRANCH_OF(path, list, find, render, readlink, attr)
#define UNAVAILABLE(path, mode, reason) {path, reason},
static const struct reason unavailable[] = {
#include "transcall/proc/tree.def"
#include "transcall/proc/tree_undef.h"
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool has_file(const struct rule *rule, const char *pattern)
{
	return fnmatch(rule->file, pattern, FNM_EXTMATCH) == 0;
}

static bool is_within(const struct rule *rule, const struct place *place)
{
	int column = rule->first < 0 ? -place->from_end : place->column;

	return rule->first <= column && column <= rule->last &&
	       fnmatch(rule->label, place->label, FNM_EXTMATCH) == 0;
}

const struct rule *rule_at(const struct place *place)
{
	for (size_t i = 0; i < COUNT(rules); i++)
		if (has_file(&rules[i], place->pattern) && is_within(&rules[i], place))
			return &rules[i];
	return NULL;
}

const struct rule *rule_of_file(const char *pattern)
{
	for (size_t i = 0; i < COUNT(rules); i++)
		if (has_file(&rules[i], pattern))
			return &rules[i];
	return NULL;
}

double rule_tolerance(const struct rule *rule)
{
	return rule->tolerance;
}

const char *rule_reason(const struct rule *rule)
{
	return rule->reason;
}

bool word_parse(const char *text, struct word *ret)
{
	const char *equals = strchr(text, '='); /* "avg10=0.25": the name may have digits */
	size_t name = equals && equals[1] ? (size_t)(equals - text) + 1 : 0;
	size_t prefix = name + strcspn(text + name, "0123456789");
	char *end;

	if (!text[prefix])
		return false;
	ret->prefix_len = (int)prefix;
	ret->number = strtod(text + prefix, &end);
	if (prefix && text[prefix - 1] == '-')
		ret->number = -ret->number;
	ret->suffix = end;
	return true;
}

static bool same_texts(const struct word *a, const char *a_text, const struct word *b,
		       const char *b_text)
{
	return a->prefix_len == b->prefix_len &&
	       strncmp(a_text, b_text, (size_t)a->prefix_len) == 0 &&
	       strcmp(a->suffix, b->suffix) == 0;
}

bool rule_accepts(const struct rule *rule, const char *before, const char *outside,
		  const char *after)
{
	struct word b, o, a;

	if (!word_parse(before, &b) || !word_parse(outside, &o) || !word_parse(after, &a) ||
	    !same_texts(&b, before, &o, outside) || !same_texts(&a, after, &o, outside))
		return false;
	double low = b.number, high = a.number;
	if (rule->kind == GAUGE && low > high) {
		low = a.number;
		high = b.number;
	}
	return low - rule->tolerance <= o.number && o.number <= high + rule->tolerance;
}

const char *observer_reason(const char *pattern)
{
	for (size_t i = 0; i < COUNT(observers); i++)
		if (strcmp(observers[i].path, pattern) == 0)
			return observers[i].text;
	return NULL;
}

/* Is @path what a row names? NUM and NAME stand for whatever the guest calls them. */
static bool is_named(const char *row, const char *path)
{
	for (;;) {
		size_t r = strcspn(row, "/"), p = strcspn(path, "/");
		bool any = (r == 3 && strncmp(row, "NUM", r) == 0) ||
			   (r == 4 && strncmp(row, "NAME", r) == 0);

		if (!any && (r != p || strncmp(row, path, r) != 0))
			return false;
		if (!row[r] || !path[p])
			return row[r] == path[p];
		row += r + 1;
		path += p + 1;
	}
}

/* Rows of PID_TID stand for two patterns. */
static bool is_row_of(const char *row, const char *pattern)
{
	static const char either[] = "/proc/PID_TID/", process[] = "/proc/PID/",
			  thread[] = "/proc/PID/task/TID/";

	if (strncmp(row, either, strlen(either)) != 0)
		return is_named(row, pattern);
	row += strlen(either);
	if (strncmp(pattern, thread, strlen(thread)) == 0)
		return is_named(row, pattern + strlen(thread));
	return strncmp(pattern, process, strlen(process)) == 0 &&
	       is_named(row, pattern + strlen(process));
}

const char *unavailable_reason(const char *pattern)
{
	for (size_t i = 0; i < COUNT(unavailable); i++)
		if (is_row_of(unavailable[i].path, pattern))
			return unavailable[i].text;
	return NULL;
}
