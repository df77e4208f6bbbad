/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that edits.def names. */
#ifndef TESTS_HOSTILE_GUEST_EDITS_H
#define TESTS_HOSTILE_GUEST_EDITS_H

#include "tests/hostile-guest/edit.h"

#define EDIT(name, function, value, argument, tools, what)                                         \
	MUST_CHECK const struct err *function(struct editor *e, uint64_t number);
#include "tests/hostile-guest/edits.def"
#undef EDIT

#endif
