/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare - one entry, seen inside, outside and inside again. */
#ifndef TEST_TREE_COMPARE_H
#define TEST_TREE_COMPARE_H

#include "tests/tree/archive.h"

enum verdict { /* the later the worse */
	       SAME,
	       TOLERATED, /* within a rule */
	       OBSERVED,  /* but for what the observer is */
	       MOVED,     /* differs between the inside looks, and no rule says how: says nothing */
	       DECLARED,  /* tree.def says that it is not available */
	       DIFFERENT,
	       MISSING,
	       EXTRA, /* outside only */
	       VERDICTS
};

struct looks {
	const struct record *before, *outside, *after; /* @outside may be NULL: it is missing */
};

/**
 * compare_entry() - is @outside what the inside looks say?
 * @pattern: of its path
 * @why:     out: what differs, on one line
 */
enum verdict compare_entry(const char *pattern, const struct looks *looks, char *why, size_t size);

#endif
