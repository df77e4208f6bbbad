/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cssset - the kernel's sets of control groups (css_set), by whose lists all tasks can be found:
 * each is in its set's from the end of its fork until it exits, and most then in dying_tasks.
 */
#ifndef TC_KOBJ_CSSSET_H
#define TC_KOBJ_CSSSET_H

#include "transcall/kobj/hashwalk.h"
#include "transcall/kobj/list.h"

struct cssset_iter {
	struct hashwalk sets;
	uint32_t sets_seen;
	gva_t set;     /* null: the next one is due */
	unsigned list; /* which of its lists is walked */
	struct list_iter tasks;
};
MUST_CHECK const struct err *cssset_iter_init(struct cssset_iter *it, const struct kernel *k);

/* @ret: the next task; null: the end. Return: NULL; RACE: a list loops, or the kernel counts other
 * sets than there are; FAULT; fatal. */
MUST_CHECK const struct err *cssset_iter_next(struct cssset_iter *it, const struct kernel *k,
					      gva_t *ret);

#endif
