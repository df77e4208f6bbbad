/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inside - process 1 of the tool's namespaces: makes them, then waits for one tool after the other.
 */
#ifndef TC_TRAP_INSIDE_H
#define TC_TRAP_INSIDE_H

#include <stdbool.h>
#include <sys/types.h>

struct inside {
	bool privileged;
	uid_t uid; /* ours outside */
	gid_t gid;
	int channel; /* to the keeper */
};

_Noreturn void inside_run(const struct inside *in);

#endif
