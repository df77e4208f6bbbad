/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded work. Input: none. */
#include "transcall/kobj/work.h"

void work_fill(struct work *w, uint64_t pool)
{
	*w = (struct work){.own = WORK_OWN, .pool = pool};
}

bool work_take(struct work *w, uint64_t units)
{
	uint64_t of_own = units < w->own ? units : w->own;

	w->own -= of_own;
	units -= of_own;
	if (units > w->pool) {
		w->pool = 0;
		return false;
	}
	w->pool -= units;
	return true;
}

bool work_is_used_up(const struct work *w)
{
	return w->own == 0 && w->pool == 0;
}
