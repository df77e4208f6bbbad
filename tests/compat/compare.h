/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare - one command's output taken inside, outside, inside. */
#ifndef TESTS_COMPAT_COMPARE_H
#define TESTS_COMPAT_COMPARE_H

#include <stdio.h>

#include "tests/compat/table.h"

struct looks {
	struct table before, outside, after;
};

struct comparison {
	size_t rows, fields, failures;
	unsigned rules; /* that were needed: rules_print() */
};

/**
 * compare_looks() - every row of @looks->outside against the inside ones
 * @report: each failure with both lines; NULL: only count
 *
 * A row that both inside looks have must be outside too; a row outside must be in one of them.
 */
struct comparison compare_looks(const struct looks *looks, FILE *report);

#endif
