/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run - start the tool, serve its trapped calls until it ends, and end it if the guest's data fail.
 */
#ifndef TC_TRAP_RUN_H
#define TC_TRAP_RUN_H

#include "transcall/vfs/guest.h"

/**
 * run_tool() - run a program against @guest
 * @argv:        program (found along PATH) and arguments, NULL at the end
 * @ret_status:  out: its wait status, see waitpid(2); 126 or 127 as exit status when there is none
 *
 * On error no process of the tool is left.
 * Return: NULL; SYSTEM: it could not be started; or a fatal kind.
 */
MUST_CHECK const struct err *run_tool(struct guest *guest, char *const *argv, int *ret_status);

#endif
