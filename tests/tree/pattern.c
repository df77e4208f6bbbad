/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a tree by kind. */
#include "tests/tree/pattern.h"

#include <err.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	struct patterns *all;
	void *by_name; /* tsearch() */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct pattern *)a)->name, ((const struct pattern *)b)->name);
}

static void *need(void *memory)
{
	if (!memory)
		err(2, "memory");
	return memory;
}

/* The pattern called @name, a new one if need be. */
static struct pattern *tally_find(struct tally *t, const char *name)
{
	struct pattern *p = need(calloc(1, sizeof(*p)));

	memcpy(p->name, name, strlen(name) + 1);
	struct pattern *there = *(struct pattern **)need(tsearch(p, &t->by_name, by_name));
	if (there != p)
		free(p);
	else
		t->all->count++;
	return there;
}

/* An inside look that moved says nothing, unless all of a kind did. */
static bool counts_more(enum verdict verdict, const struct pattern *p)
{
	if (p->verdict == MOVED || verdict == MOVED)
		return p->verdict == MOVED ? verdict != MOVED : false;
	return verdict > p->verdict;
}

static void tally_add(struct tally *t, const char *path, enum verdict verdict, const char *why)
{
	char name[PATH_BYTES];

	path_fold(path, name);
	struct pattern *p = tally_find(t, name);
	if (!p->instances++ || counts_more(verdict, p)) {
		p->verdict = verdict;
		p->failed = 0;
		p->example = path;
		snprintf(p->why, sizeof(p->why), "%s", why);
	}
	p->failed += p->verdict == verdict;
	if (verdict <= TOLERATED)
		p->good = path;
}

static void add_inside(struct tally *t, const struct archive *before, const struct archive *outside,
		       const struct archive *after)
{
	char why[WHY_BYTES], name[PATH_BYTES];

	for (size_t i = 0; i < before->count; i++) {
		const char *path = before->entries[i].path;
		struct looks l = {&before->entries[i], archive_find(outside, path),
				  archive_find(after, path)};

		if (!l.after)
			continue;
		path_fold(path, name);
		tally_add(t, path, compare_entry(name, &l, why, sizeof(why)), why);
	}
}

static bool has_parent(const struct archive *a, const char *path)
{
	char parent[PATH_BYTES];

	snprintf(parent, sizeof(parent), "%.*s", (int)(strrchr(path, '/') - path), path);
	return *parent && archive_find(a, parent);
}

/* A process or thread may have come and gone between the looks. */
static void add_outside(struct tally *t, const struct archive *before,
			const struct archive *outside, const struct archive *after)
{
	char name[PATH_BYTES];

	for (size_t i = 0; i < outside->count; i++) {
		const char *path = outside->entries[i].path;

		if (archive_find(before, path) || archive_find(after, path) ||
		    !has_parent(before, path) || !has_parent(after, path))
			continue;
		path_fold(path, name);
		if (strcmp(name, "/proc/PID") != 0 && strcmp(name, "/proc/PID/task/TID") != 0)
			tally_add(t, path, EXTRA, "");
	}
}

static struct pattern *next_place;

static void collect(const void *node, VISIT visit, int depth)
{
	(void)depth;
	if (visit == postorder || visit == leaf)
		*next_place++ = **(struct pattern *const *)node;
}

void patterns_init(struct patterns *all, const struct archive *before,
		   const struct archive *outside, const struct archive *after)
{
	struct tally t = {.all = all};

	*all = (struct patterns){.count = 0};
	add_inside(&t, before, outside, after);
	add_outside(&t, before, outside, after);
	all->patterns = need(reallocarray(NULL, all->count + 1, sizeof(*all->patterns)));
	next_place = all->patterns;
	twalk(t.by_name, collect);
	tdestroy(t.by_name, free);
}

void patterns_deinit(struct patterns *all)
{
	free(all->patterns);
}
