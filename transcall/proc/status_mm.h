/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status_mm - the lines of /proc/PID/status about memory; none for a task without an mm. */
#ifndef TC_PROC_STATUS_MM_H
#define TC_PROC_STATUS_MM_H

#include <stdio.h>

#include "transcall/kobj/task.h"

MUST_CHECK const struct err *status_mm_print(const struct kernel *k, const struct task *t,
					     FILE *out);

/* The last lines, since 6.6: x86_Thread_features. */
MUST_CHECK const struct err *status_features_print(const struct kernel *k, const struct task *t,
						   FILE *out);

#endif
