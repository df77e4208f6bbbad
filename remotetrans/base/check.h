/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check - names each check that stands between a lying server and a reader.
 *
 * CHECK(name, holds) is its condition, nothing more; CHECK_NAMED() takes the name as a string. Only in the adversary tests' build, which is
 * made with -DRT_WEAKENED and never installed, can a check be left out by its name: so the tests
 * show that it is this check that stops a lie (tests/adversary/behaviours.def).
 */
#ifndef RT_BASE_CHECK_H
#define RT_BASE_CHECK_H

#ifdef RT_WEAKENED
#include <stdbool.h>

bool check_is_off(const char *name);
#define CHECK(name, holds) (check_is_off(#name) || (holds))
#define CHECK_NAMED(name, holds) (check_is_off(name) || (holds))
#else
#define CHECK(name, holds) (holds)
#define CHECK_NAMED(name, holds) (holds)
#endif

#endif
