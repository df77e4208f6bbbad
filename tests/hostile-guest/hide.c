/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edits that hide a process from one of the ways to it. */
#include "tests/hostile-guest/edits.h"

#include "transcall/kobj/list.h"

#define PREV_BYTES 8 /* of list_head.prev */

/* list_del_init() */
const struct err *hide_from_tasks(struct editor *e, const struct edit *edit)
{
	gva_t node = kfield_at(KERNEL(e), e->task, F_task_struct_tasks), next, prev;

	(void)edit;
	TRY(kread_ptr(KERNEL(e), node, &next));
	TRY(kread_ptr(KERNEL(e), gva_add(node, PREV_BYTES), &prev));
	TRY(edit_write_ptr(e, prev, next));
	TRY(edit_write_ptr(e, gva_add(next, PREV_BYTES), prev));
	TRY(edit_write_ptr(e, node, node));
	return edit_write_ptr(e, gva_add(node, PREV_BYTES), node);
}

const struct err *hide_from_idr(struct editor *e, const struct edit *edit)
{
	gva_t slot;

	(void)edit;
	TRY(edit_idr_slot(e, e->pid, &slot));
	return edit_write_u64(e, slot, 0);
}
