/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stack - walking up the kernel stack of a task that does not run. */
#ifndef TC_KOBJ_STACK_H
#define TC_KOBJ_STACK_H

#include "transcall/kobj/kernel.h"

#define STACK_BYTES 16384 /* THREAD_SIZE, without KASAN */

/* Where a walk is: struct unwind_state. */
struct stack_walk {
	const struct kernel *k;
	gva_t bottom; /* lowest address of the stack */
	uint64_t ip, sp, bp;
	bool signal; /* @ip was interrupted, it is no return address */
	bool done;
};

/* Begin where @task switched away. Return: NULL; ABSENT: it has no stack any more; FAULT; fatal. */
MUST_CHECK const struct err *stack_walk_init(struct stack_walk *w, const struct kernel *k,
					     gva_t task);

/* One frame up, by ORC. Sets @done at the end, or when the tables or the stack lead nowhere. */
MUST_CHECK const struct err *stack_walk_next(struct stack_walk *w);

/* A word of the stack; *@ret_ok false when @at is not within it. */
MUST_CHECK const struct err *stack_word(const struct stack_walk *w, uint64_t at, uint64_t *ret,
					bool *ret_ok);

#endif
