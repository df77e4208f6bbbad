/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded list walks. Input: attacker-controlled. */
#include "transcall/kobj/list.h"

const struct err *list_init(struct list_iter *it, const struct kernel *k, gva_t head)
{
	*it = (struct list_iter){.head = head, .mark_steps = 1};
	return kread_ptr(k, head, &it->next);
}

const struct err *hlist_init(struct list_iter *it, const struct kernel *k, gva_t head)
{
	TRY(list_init(it, k, head));
	it->head = gva(0);
	return NULL;
}

/* Brent: compare with a mark that moves up to the current entry after 1, 2, 4, ... steps. */
static const struct err *cycle_check(struct list_iter *it, gva_t at)
{
	if (gva_equal(at, it->mark) || it->steps >= LIST_MAX)
		return ERR_AT(ERR_RACE, at.v, "a kernel list loops at 0x%llx",
			      (unsigned long long)at.v);
	if (++it->steps == it->mark_steps) {
		it->mark = at;
		it->mark_steps *= 2;
	}
	return NULL;
}

const struct err *list_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t at = it->next;

	*ret = gva(0);
	it->next = it->head; /* an error is the end */
	if (gva_equal(at, it->head) || gva_is_null(at)) {
		if (!gva_is_null(it->head) && gva_is_null(at))
			return ERR_AT(ERR_RACE, it->head.v, "a kernel list is cut at 0x%llx",
				      (unsigned long long)it->head.v);
		return NULL;
	}
	TRY(cycle_check(it, at));
	TRY(kread_ptr(k, at, &it->next));
	*ret = at;
	return NULL;
}
