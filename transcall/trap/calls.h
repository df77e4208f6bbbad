/* SPDX-License-Identifier: GPL-2.0-or-later */
/* calls - receive a system call that the tool waits in, have it answered, send the answer. */
#ifndef TC_TRAP_CALLS_H
#define TC_TRAP_CALLS_H

#include "transcall/sys/sys.h"

/* @listener is readable: serve what it has. Errors end the run: who waits must die of it. */
MUST_CHECK const struct err *calls_serve(struct sys *s, int listener);

#endif
