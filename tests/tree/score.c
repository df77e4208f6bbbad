/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The score: patterns by part of the tree and verdict. */
#include "tests/tree/score.h"

#include <string.h>

/* The first that begins a pattern is its part; the last has the rest of /proc. */
static const char *const parts[] = {
	"/proc/PID/task/TID/net",
	"/proc/PID/task/TID",
	"/proc/PID/net",
	"/proc/PID",
	"/proc/sys",
	"/proc",
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

struct row {
	size_t by[VERDICTS], patterns;
};

static size_t part_of(const char *name)
{
	size_t i = 0;

	while (i + 1 < PARTS && strncmp(name, parts[i], strlen(parts[i])) != 0)
		i++;
	return i;
}

static double percent(const struct row *r)
{
	size_t good = r->by[SAME] + r->by[TOLERATED] + r->by[OBSERVED];

	return r->patterns ? 100.0 * (double)good / (double)r->patterns : 100;
}

static void print_row(const char *name, const struct row *r, FILE *out)
{
	fprintf(out, "| %-24s | %8zu | %9zu | %9zu | %8zu | %9zu | %7zu | %5.1f %% |\n", name,
		r->patterns, r->by[SAME], r->by[TOLERATED] + r->by[OBSERVED], r->by[DECLARED],
		r->by[DIFFERENT] + r->by[MOVED] + r->by[EXTRA], r->by[MISSING], percent(r));
}

double score_print(const struct patterns *all, FILE *out)
{
	struct row rows[PARTS] = {0}, sum = {0};

	for (size_t i = 0; i < all->count; i++) {
		struct row *r = &rows[part_of(all->patterns[i].name)];

		r->patterns++;
		sum.patterns++;
		r->by[all->patterns[i].verdict]++;
		sum.by[all->patterns[i].verdict]++;
	}
	fprintf(out, "| part                     | patterns | identical | tolerated | declared | "
		     "different | missing |   score |\n|---|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < PARTS; i++)
		print_row(parts[i], &rows[i], out);
	print_row("all", &sum, out);
	fprintf(out, "score: %.1f %% of %zu patterns (goal: %.0f %%)\n", percent(&sum),
		sum.patterns, SCORE_GOAL);
	return percent(&sum);
}
