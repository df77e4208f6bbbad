/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wchan - where in the kernel a task sleeps. */
#ifndef TC_KOBJ_WCHAN_H
#define TC_KOBJ_WCHAN_H

#include "transcall/kobj/kernel.h"

#define WCHAN_NAME_BYTES 512 /* KSYM_NAME_LEN */

/* get_wchan(): null when @task does not sleep, or its stack does not tell. */
MUST_CHECK const struct err *wchan_address(const struct kernel *k, gva_t task, gva_t *ret);

/* What /proc/PID/wchan shows to those who may see it: a function's name, or "0". */
MUST_CHECK const struct err *wchan_name(const struct kernel *k, gva_t task, char *ret,
					size_t size_bytes);

/* in_sched_functions(): the scheduler's own frames are not what a task waits for. */
bool wchan_in_scheduler(const struct kernel *k, gva_t address);

#endif
