/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arena - addresses to hand to a hypervisor: good ones, and every kind of bad one.
 *
 * What is written to an address from arena_room(), up to 4 GiB behind it, lands in the arena or
 * nowhere: a hypervisor that does as it was told never overwrites the program or its kernel.
 */
#ifndef TESTS_XEN_ARENA_H
#define TESTS_XEN_ARENA_H

#include <stddef.h>

#include "remotetrans/base/err.h"
#include "tests/xen/dice.h"

#define ARENA_BYTES (2u << 20) /* that can be written */

struct arena {
	uint8_t *start; /* ARENA_BYTES to write, then a page to read, then nothing for 4 GiB */
};

MUST_CHECK const struct err *arena_init(struct arena *a);
void arena_deinit(struct arena *a);

/* An address for @len bytes to be read at. Often they lie there, wholly or in part. */
uint64_t arena_place(struct arena *a, struct dice *d, const void *bytes, size_t len);
/* An address for @len bytes to be written to. */
uint64_t arena_room(struct arena *a, struct dice *d, size_t len);

#endif
