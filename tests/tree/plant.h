/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plant - wrong values that the comparison must notice. */
#ifndef TEST_TREE_PLANT_H
#define TEST_TREE_PLANT_H

#include "tests/tree/pattern.h"

/* In one file of each pattern that came out well. Return: 0, or 1: one was not noticed. */
int plant(const struct patterns *all, const struct archive *before, const struct archive *outside,
	  const struct archive *after);

#endif
