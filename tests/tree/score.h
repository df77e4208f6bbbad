/* SPDX-License-Identifier: GPL-2.0-or-later */
/* score - how many of a guest's patterns came out identical, by part of the tree. */
#ifndef TEST_TREE_SCORE_H
#define TEST_TREE_SCORE_H

#include <stdio.h>

#include "tests/tree/pattern.h"

#define SCORE_GOAL 97.0 /* percent */

/* Prints a table, and the sum as the last line. Return: percent. */
double score_print(const struct patterns *all, FILE *out);

#endif
