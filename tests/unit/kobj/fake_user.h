/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_user - user memory of a fake guest's one address space: pages that are there, and pages
 * that are mapped but not in memory. */
#ifndef TESTS_UNIT_KOBJ_FAKE_USER_H
#define TESTS_UNIT_KOBJ_FAKE_USER_H

#include "tests/unit/kobj/fake_guest.h"

#define FAKE_USER_PAGES 32

/* Members of mm_struct, and no user memory. */
void fake_user_init(struct fake_guest *g);

/* An mm_struct whose arguments and environment lie at [arg, env) and [env, end). */
gva_t fake_mm(struct fake_guest *g, uint64_t arg, uint64_t arg_end, uint64_t env, uint64_t env_end);

/* A page of user memory at @at (page-aligned), zeroed; the test fills what is returned. */
char *fake_user_page(uint64_t at);
/* A page that is mapped but not present. */
void fake_user_absent(uint64_t at);

#endif
