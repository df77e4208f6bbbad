/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pattern - the kinds of files that a guest's tree has, and how all files of a kind came out. */
#ifndef TEST_TREE_PATTERN_H
#define TEST_TREE_PATTERN_H

#include "tests/tree/compare.h"

#define WHY_BYTES 512

struct pattern {
	char name[PATH_BYTES];
	size_t instances, failed; /* @failed: those of the worst verdict */
	enum verdict verdict;
	const char *example; /* path of one with that verdict; borrowed from its archive */
	const char *good;    /* of one that is the same, or tolerated; or NULL */
	char why[WHY_BYTES];
};

struct patterns {
	struct pattern *patterns; /* by name */
	size_t count;
};

/* What the inside looks both have, and what the outside one has besides. */
void patterns_init(struct patterns *all, const struct archive *before,
		   const struct archive *outside, const struct archive *after);
void patterns_deinit(struct patterns *all);

#endif
