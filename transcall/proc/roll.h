/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * roll - the numbers of all tasks that any view of the kernel has, for system calls that ask
 * whether a number is there. /proc follows the IDR alone; who is in it is found here, too.
 */
#ifndef TC_PROC_ROLL_H
#define TC_PROC_ROLL_H

#include "transcall/proc/tree.h"

struct roll_entry {
	uint32_t number; /* as the reader sees it */
	gva_t task;
};

struct roll {
	bool taken;
	uint64_t epoch;             /* of the snapshot that it was taken from */
	struct roll_entry *entries; /* owned; ascending by number */
	uint32_t count;
	uint32_t tasks; /* of the whole guest, also those that the reader does not see */
};

/**
 * roll_take() - have the roll of the view's snapshot; taken once for each
 *
 * Tasks that are being made or taken down count only while the IDR has them. Views that could not
 * be read to their end are counted in the view. Return: NULL; RACE; SYSTEM; or a fatal kind.
 */
MUST_CHECK const struct err *roll_take(struct roll *r, struct proc_view *view);
void roll_deinit(struct roll *r);

/* Is it of the view's current snapshot? */
bool roll_is_current(const struct roll *r, const struct proc_view *view);

/* The task numbered @number; null: none. */
gva_t roll_find(const struct roll *r, uint32_t number);

#endif
