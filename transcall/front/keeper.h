/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keeper - find the one that has what we need, or start one. */
#ifndef TC_FRONT_KEEPER_H
#define TC_FRONT_KEEPER_H

#include <stddef.h>
#include <sys/types.h>

#include "transcall/front/options.h"
#include "transcall/trap/control.h"

/* Path of the keeper's program: beside ours, or where `make install` puts it. */
MUST_CHECK const struct err *keeper_program(char *ret, size_t size_bytes);

/**
 * keeper_get() - one that is ready for a tool
 * @hello:       CONTROL_HELLO; borrowed
 * @ret_channel: out: to it
 * @ret_enter:   out: its answer: CONTROL_ENTER, or CONTROL_FAILED
 * @ret_own:     out: it ends with its tool and is our child; 0: it may be kept
 *
 * One that does not answer, or is another user's, or not fit any more, is passed over.
 */
MUST_CHECK const struct err *keeper_get(const struct options *o, const struct control *hello,
					int *ret_channel, struct control *ret_enter,
					pid_t *ret_own);

#endif
