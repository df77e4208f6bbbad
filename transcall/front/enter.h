/* SPDX-License-Identifier: GPL-2.0-or-later */
/* enter - into the namespaces that the keeper has ready, and the tool into them as their own. */
#ifndef TC_FRONT_ENTER_H
#define TC_FRONT_ENTER_H

#include <signal.h>

#include "transcall/trap/control.h"

/**
 * enter_world() - have this process in the tool's namespaces, at the same working directory
 * @message: CONTROL_ENTER
 *
 * For process ids and clocks: what it starts from now on. Clocks, host name and System V IPC are
 * made anew. There is no way back.
 */
MUST_CHECK const struct err *enter_world(const struct control *message);

/**
 * enter_start() - start the tool as a child of the namespace's process 1
 * @channel: to the keeper, which is told all the rest, errors of the tool's side included
 * @mask:    signals blocked in the tool
 * @argv:    program (found along PATH) and arguments
 */
MUST_CHECK const struct err *enter_start(const struct control *message, int channel,
					 const sigset_t *mask, char *const *argv);

#endif
