/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chain - bounded walks over objects of which each has a pointer to the next. */
#ifndef TC_KOBJ_CHAIN_H
#define TC_KOBJ_CHAIN_H

#include "transcall/kobj/kernel.h"

#define CHAIN_MAX (1u << 16) /* addresses, groups and sources of one device or socket */

struct chain_iter {
	gva_t next;
	enum field_id link; /* the member that points to the next; null ends the chain */
	uint32_t steps;
};

/* @first: the first object, or null. */
void chain_init(struct chain_iter *it, gva_t first, enum field_id link);

/* @ret: null at the end. Return: NULL; RACE: too long; FAULT; fatal. After an error comes the end.
 */
MUST_CHECK const struct err *chain_next(struct chain_iter *it, const struct kernel *k, gva_t *ret);

#endif
