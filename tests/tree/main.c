/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree - a guest's /proc, taken inside, outside and inside again (take.c), entry by entry.
 *
 *   tree compare BEFORE OUTSIDE AFTER [PERCENT]
 *                                       one line a pattern: verdict, instances, pattern, example;
 *                                       then the scores; exit 1 when they are below PERCENT (97)
 *   tree plant BEFORE OUTSIDE AFTER     a wrong value in one file of each pattern in turn, and a
 *                                       wrong mode: exit 1 when one is not noticed
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tree/pattern.h"
#include "tests/tree/plant.h"
#include "tests/tree/rules.h"
#include "tests/tree/score.h"

static const char *const words[VERDICTS] = {
	[SAME] = "identical",  [TOLERATED] = "tolerated", [OBSERVED] = "observer",
	[MOVED] = "undecided", [DECLARED] = "declared",   [DIFFERENT] = "different",
	[MISSING] = "missing", [EXTRA] = "extra",
};

static void print_pattern(const struct pattern *p)
{
	const char *reason = NULL;

	printf("%-10s %5zu %s", words[p->verdict], p->instances, p->name);
	if (p->verdict == DECLARED)
		reason = unavailable_reason(p->name);
	if (p->verdict == TOLERATED)
		reason = rule_reason(rule_of_file(p->name));
	if (reason)
		printf("  (%s)", reason);
	if (p->verdict == DIFFERENT || p->verdict == MOVED)
		printf("  %zu of them; %s: %s", p->failed, p->example, p->why);
	putchar('\n');
}

static int compare(const struct patterns *all, double at_least)
{
	for (size_t i = 0; i < all->count; i++)
		print_pattern(&all->patterns[i]);
	return score_print(all, stdout) < at_least;
}

int main(int argc, char **argv)
{
	struct archive before, outside, after;
	struct patterns all;
	int status;

	if (argc < 5 || argc > 6 ||
	    (strcmp(argv[1], "compare") != 0 && strcmp(argv[1], "plant") != 0))
		errx(2, "usage: tree compare|plant BEFORE OUTSIDE AFTER");
	archive_init(&before, argv[2]);
	archive_init(&outside, argv[3]);
	archive_init(&after, argv[4]);
	patterns_init(&all, &before, &outside, &after);
	status = strcmp(argv[1], "plant") == 0
			 ? plant(&all, &before, &outside, &after)
			 : compare(&all, argc > 5 ? atof(argv[5]) : SCORE_GOAL);
	patterns_deinit(&all);
	archive_deinit(&before);
	archive_deinit(&outside);
	archive_deinit(&after);
	return status;
}
