/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded work. Input: none. */
#include "transcall/kobj/work.h"

void work_fill(struct work *w, uint64_t pool)
{
	*w = (struct work){.own = WORK_OWN, .pool = pool};
}

bool work_take_of_pool(struct work *w, uint64_t units)
{
	units -= w->own;
	w->own = 0;
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
