/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_knode - nodes of kernfs made by hand. */
#ifndef TESTS_UNIT_KOBJ_FAKE_KNODE_H
#define TESTS_UNIT_KOBJ_FAKE_KNODE_H

#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/knode.h"

/* Declare the members. */
void fake_knode_init(struct fake_guest *g);

/* A node of @dir, the last one of it so far; @dir null: a root. */
gva_t fake_knode_add(struct fake_guest *g, gva_t dir, const char *name, enum knode_type type);

#endif
