/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syscalls - the rows of syscall.def. */
#ifndef TC_SYS_SYSCALLS_H
#define TC_SYS_SYSCALLS_H

#include <stdio.h>

#include "transcall/sys/sys.h"

enum syscall_policy { POLICY_TRAP = 1, POLICY_REFUSE, POLICY_DENY };
enum syscall_test { TEST_ALWAYS, TEST_MASKED, TEST_UNLESS };

struct syscall_row {
	const char *name;
	int nr;
	enum syscall_policy policy;
	enum syscall_test test;
	unsigned arg;
	uint64_t mask, value; /* TEST_MASKED: (arg & mask) == value; TEST_UNLESS: arg != value */
	int errnum;           /* POLICY_DENY, POLICY_REFUSE */
	sys_handler handler;  /* POLICY_TRAP, POLICY_REFUSE */
	const char *note;
};

/* NULL after the last. */
const struct syscall_row *syscalls_row(size_t index);

/* The handler of a trapped call with these six arguments; NULL: it is not trapped. */
sys_handler syscalls_handler(int nr, const uint64_t *args);

/* The name of a call of the table. */
const char *syscalls_name(int nr);

/* The table for people: name, policy, note; as mdoc(7) list items when @roff. */
void syscalls_print(FILE *out, bool roff);

#endif
