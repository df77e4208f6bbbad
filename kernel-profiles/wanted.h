/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wanted - the symbols that symbols.def asks for, found among all of a kernel. */
#ifndef KP_WANTED_H
#define KP_WANTED_H

#include <stdbool.h>

#include "kernel-profiles/kallsyms.h"
#include "kernel-profiles/profile.h"

struct wanted_symbols {
	uint64_t address[SYMBOL_COUNT];
	bool found[SYMBOL_COUNT];
};

/**
 * wanted_find() - the addresses of all rows of symbols.def
 *
 * A name that several symbols have is found if just one of them is global, or all are at the same
 * address; otherwise nobody could tell which is meant, and it counts as absent. The tables of
 * kallsyms itself are found too, although they are in no kernel's list.
 * Return: NULL, PROTO, SYSTEM.
 */
MUST_CHECK const struct err *wanted_find(const struct kallsyms *k, struct wanted_symbols *ret);

#endif
