/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_symbols - kernel symbol tables and modules made by hand. */
#ifndef TESTS_UNIT_KOBJ_FAKE_SYMBOLS_H
#define TESTS_UNIT_KOBJ_FAKE_SYMBOLS_H

#include "tests/unit/kobj/fake_guest.h"

enum fake_layout {
	FAKE_ABSOLUTE_PERCPU, /* until 6.14: below the base, but per-CPU offsets are positive */
	FAKE_RELATIVE,        /* 6.15 to 6.x: above the base */
	FAKE_SELF_RELATIVE    /* 7.x */
};

struct fake_named {
	uint64_t address;
	const char *name; /* with the type in front: "Tschedule" */
};

/* Tables of @count symbols, sorted by address; every token is one character, 255 is "lock". */
void fake_kallsyms(struct fake_guest *g, enum fake_layout layout, const struct fake_named *symbols,
		   uint32_t count);

/* Declare the members of modules, and the empty list of them. */
void fake_modules(struct fake_guest *g);

/* A live module with a text of @text_bytes; @named are its symbols, in any order. */
gva_t fake_module(struct fake_guest *g, const char *name, gva_t text, uint64_t text_bytes,
		  const struct fake_named *named, uint32_t count);

#endif
