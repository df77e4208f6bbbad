/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_procentry - entries registered in a made-up procfs. */
#ifndef TESTS_UNIT_KOBJ_FAKE_PROCENTRY_H
#define TESTS_UNIT_KOBJ_FAKE_PROCENTRY_H

#include "tests/unit/kobj/fake_guest.h"

/* Declare the members, and the symbol proc_root, which is returned. */
gva_t fake_procentry_init(struct fake_guest *g);

/* A new entry in the directory @dir. */
gva_t fake_procentry_add(struct fake_guest *g, gva_t dir, const char *name, uint32_t mode);

#endif
