/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signals - what is sent to transcall reaches the tool, as if it had been started itself. */
#ifndef TC_FRONT_SIGNALS_H
#define TC_FRONT_SIGNALS_H

#include <signal.h>

#include "remotetrans/base/err.h"

/* Receive termination signals through a descriptor from now on; @ret_mask: the mask until now. */
MUST_CHECK const struct err *signals_take(int *ret, sigset_t *ret_mask);

/* Pass on what came to the tool's first process (a pidfd). */
void signals_forward(int signals, int tool);

/* The same when it has just begun to be: it has missed those of the terminal, too. */
void signals_forward_first(int signals, int tool);

/* The tool was stopped: stop, so that the shell above notices; continued, continue the tool.
 * @proc: this machine's /proc, which is not where we are */
void signals_follow_stop(int tool, int proc);

/* End as the tool did: with its exit status, or by the same signal. */
_Noreturn void signals_exit_like(int wait_status);

#endif
