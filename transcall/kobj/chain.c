/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded walks over chains. Input: attacker-controlled. */
#include "transcall/kobj/chain.h"

void chain_init(struct chain_iter *it, gva_t first, enum field_id link)
{
	*it = (struct chain_iter){.next = first, .link = link};
}

const struct err *chain_next(struct chain_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t at = it->next;

	*ret = it->next = gva(0); /* an error is the end */
	if (gva_is_null(at))
		return NULL;
	if (it->steps++ == CHAIN_MAX)
		return ERR_AT(ERR_RACE, at.v, "a chain of objects does not end");
	TRY(kfield_ptr(k, at, it->link, &it->next));
	*ret = at;
	return NULL;
}
