/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maple - bounded walks over the kernel's maple trees, which map ranges of indices to entries:
 * virtual memory areas by address, interrupt lines by number. (lib/maple_tree.c, since 6.1)
 */
#ifndef TC_KOBJ_MAPLE_H
#define TC_KOBJ_MAPLE_H

#include "transcall/kobj/kernel.h"

/* One entry, and the indices it covers. */
struct maple_range {
	uint64_t first, last;
	uint64_t entry; /* 0: there is none */
};

/**
 * maple_next() - mt_find(): the first entry that covers @index or a later index
 * @tree: the struct maple_tree
 *
 * To go on, ask for ret->last + 1, unless that is 0.
 * Return: NULL; RACE: nodes that cannot be, or were freed; FAULT; fatal.
 */
MUST_CHECK const struct err *maple_next(const struct kernel *k, gva_t tree, uint64_t index,
					struct maple_range *ret);

#endif
