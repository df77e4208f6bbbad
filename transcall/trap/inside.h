/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inside - the two processes of ours in the tool's namespaces: process 1, and the tool before exec.
 */
#ifndef TC_TRAP_INSIDE_H
#define TC_TRAP_INSIDE_H

#include <signal.h>

#include "transcall/trap/filter.h"
#include "transcall/trap/namespaces.h"

struct inside {
	const struct filter *filter;
	const struct world *world;
	bool privileged;
	int channel;          /* to the supervisor */
	const sigset_t *mask; /* signals blocked in the tool */
	char *const *argv;    /* the tool's program and arguments; found along PATH */
};

/* What process 1 does: makes the world, starts the tool, waits for it, reaps. */
_Noreturn void inside_run(const struct inside *in);

#endif
