/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list - bounded walks over the kernel's doubly linked lists (list_head) and hash chains (hlist).
 * A list that does not end, or loops without passing its head, ends in RACE.
 */
#ifndef TC_KOBJ_LIST_H
#define TC_KOBJ_LIST_H

#include "transcall/kobj/kernel.h"

#define LIST_MAX (1u << 22) /* PID_MAX_LIMIT: no list of ours is longer */

struct list_iter {
	gva_t head; /* a list_head ends where it began; null for an hlist */
	gva_t next;
	gva_t mark; /* Brent's cycle detection: an earlier position */
	uint32_t steps, mark_steps;
};

/* Over a list_head at @head, and over an hlist_head at @head. */
MUST_CHECK const struct err *list_init(struct list_iter *it, const struct kernel *k, gva_t head);
MUST_CHECK const struct err *hlist_init(struct list_iter *it, const struct kernel *k, gva_t head);

/**
 * list_next() - the next entry
 * @ret: out: address of the entry's list_head or hlist_node; null at the end
 *
 * Return: NULL; RACE: a cycle or too long; FAULT; fatal. After an error comes the end.
 */
MUST_CHECK const struct err *list_next(struct list_iter *it, const struct kernel *k, gva_t *ret);

#endif
