/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns may move between two looks. */
#include "tests/compat/rules.h"

#include <err.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum rule_kind { MONOTONIC, GAUGE, SHARE };

struct rule {
	const char *column;
	enum rule_kind kind;
	double tolerance;
	const char *reason;
};

#define RULE(column_, kind_, tolerance_, reason_)                                                  \
	{.column = column_, .kind = kind_, .tolerance = tolerance_, .reason = reason_},
static const struct rule rules[] = {
#include "tests/compat/rules.def"
};
#undef RULE

#define RULE_COUNT (sizeof(rules) / sizeof(rules[0]))
_Static_assert(RULE_COUNT <= 15, "at most 15 rules");

static const char *const forbidden[] = {"PID", "PPID",    "UID", "USER",
					"CMD", "COMMAND", "LWP", "line"};

void rules_check(void)
{
	for (size_t i = 0; i < RULE_COUNT; i++)
		for (size_t j = 0; j < sizeof(forbidden) / sizeof(forbidden[0]); j++)
			if (strcmp(rules[i].column, forbidden[j]) == 0)
				errx(2, "rules.def: no rule may cover %s", forbidden[j]);
}

static const struct rule *rule_for(const char *column)
{
	for (size_t i = 0; i < RULE_COUNT; i++)
		if (strcmp(rules[i].column, column) == 0)
			return &rules[i];
	return NULL;
}

bool rules_cover(const char *column, double *tolerance)
{
	const struct rule *rule = rule_for(column);

	if (rule)
		*tolerance = rule->tolerance;
	return rule;
}

bool value_parse(const char *text, double *ret)
{
	double total = 0;
	char *end;

	for (;;) {
		double part = strtod(text, &end);

		if (end == text || part < 0)
			return false;
		total += part;
		if (!*end || strcmp(end, "%") == 0)
			break;
		if (*end != ':' && *end != '-')
			return false;
		total *= *end == '-' ? 24 : 60;
		text = end + 1;
	}
	*ret = total;
	return true;
}

static bool between(const struct rule *rule, double before, double outside, double after)
{
	double tolerance = rule->tolerance;

	if (rule->kind != MONOTONIC && before > after) {
		double swap = before;

		before = after;
		after = swap;
	}
	if (rule->kind == SHARE && after > 100)
		tolerance *= after / 100;
	return before - tolerance <= outside && outside <= after + tolerance;
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

void rules_print(FILE *to, unsigned used)
{
	for (size_t i = 0; i < RULE_COUNT; i++)
		if (used & 1U << i)
			fprintf(to, " %s", rules[i].column);
}

bool rules_accept(const char *column, const char *before, const char *outside, const char *after,
		  unsigned *used)
{
	const struct rule *rule = rule_for(column);
	double b, o, a;

	if (same(outside, before) || same(outside, after))
		return true;
	if (!rule || !before || !outside || !after)
		return false;
	*used |= 1U << (rule - rules);
	return value_parse(before, &b) && value_parse(outside, &o) && value_parse(after, &a) &&
	       between(rule, b, o, a);
}
