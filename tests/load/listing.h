/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listing - an opened target, and listings of its processes, for clients that put load on a server. */
#ifndef TESTS_LOAD_LISTING_H
#define TESTS_LOAD_LISTING_H

#include "transcall/target/target.h"

/* Open target @name of the targets file, with the names of its processes. */
MUST_CHECK const struct err *listing_open(const char *name, struct target **ret);

/* A new snapshot, and the names of all processes. @ret: how many. */
MUST_CHECK const struct err *listing_take(struct target *t, unsigned *ret);

#endif
