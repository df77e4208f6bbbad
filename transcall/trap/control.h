/* SPDX-License-Identifier: GPL-2.0-or-later */
/* control - messages from the processes inside the namespaces to the supervisor. */
#ifndef TC_TRAP_CONTROL_H
#define TC_TRAP_CONTROL_H

#include <stdbool.h>

#include "remotetrans/base/err.h"

enum control_kind {
	CONTROL_FAILED = 1, /* value: errno or 0; text: what */
	CONTROL_TREE, /* fds: the shadow's root, the own procfs; value: pids are lifted above it, or
			 0 */
	CONTROL_TOOL, /* fds: pidfd of the tool's first process */
	CONTROL_LISTENER,   /* fds: of the seccomp filter */
	CONTROL_NO_PROGRAM, /* value: errno of execve */
	CONTROL_STOPPED,    /* the tool's first process was stopped */
	CONTROL_EXITED,     /* value: its wait status */
};

struct control {
	enum control_kind kind;
	int value;
	int fds[2]; /* -1: none; owned by the receiver */
	char text[512];
};

/* Both ends of a new channel; both are closed by exec. */
MUST_CHECK const struct err *control_pair(int ret[2]);

/* @message is complete or not sent at all. */
MUST_CHECK const struct err *control_send(int channel, const struct control *message);

/* *ret_open false: the other side is gone. */
MUST_CHECK const struct err *control_receive(int channel, struct control *ret, bool *ret_open);

#endif
