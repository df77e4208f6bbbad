/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - the guest's kernel log as syslog(2) has it; /dev/kmsg is a row of the tree. */
#ifndef TC_PROC_LOG_H
#define TC_PROC_LOG_H

#include <stdio.h>
#include <string.h>

#include "transcall/proc/tree.h"

/* Everything since the log was last cleared, whole lines, appended to @out. On RACE and FAULT what
 * was written is to be discarded. */
MUST_CHECK const struct err *proc_log(struct proc_view *view, FILE *out);
/* Size of the log's buffer in bytes. */
MUST_CHECK const struct err *proc_log_size(struct proc_view *view, uint32_t *ret);

#endif
