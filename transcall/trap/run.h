/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run - what tools run in, and serving the trapped calls of one at a time until it ends.
 *
 * The tool is started by its front end (front/enter.h), which run_tool() sends all that takes.
 */
#ifndef TC_TRAP_RUN_H
#define TC_TRAP_RUN_H

#include "transcall/trap/control.h"
#include "transcall/vfs/guest.h"

struct run;

/**
 * run_open() - begin to make namespaces; returns before they are there
 * @guest: borrowed; need not be set yet
 *
 * To be called before there are secrets: process 1 is a copy of the caller.
 */
MUST_CHECK const struct err *run_open(struct guest *guest, struct run **ret);

/* Ends all that runs inside. NULL: nothing. */
void run_close(struct run *r);

/**
 * run_tool() - have a program run against the guest
 * @front:      to the front end
 * @ret_status: out: the tool's wait status, see waitpid(2)
 *
 * Sets guest->skew_seconds. On success nothing is left of the tool; on error run_close() is to
 * follow. Return: NULL; SYSTEM: it could not be started, or who started it is gone; or a fatal
 * kind.
 */
MUST_CHECK const struct err *run_tool(struct run *r, int front, const struct hello *hello,
				      int *ret_status);

/* Is it worth while to run another tool in this? */
bool run_is_fit(const struct run *r);

#endif
