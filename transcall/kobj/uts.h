/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uts - names of the guest and its kernel, as a UTS namespace has them. */
#ifndef TC_KOBJ_UTS_H
#define TC_KOBJ_UTS_H

#include <sys/utsname.h>

#include "transcall/kobj/kernel.h"

/* uname() of @task. Return: NULL; ABSENT: the task is exiting; FAULT; fatal. */
MUST_CHECK const struct err *uts_of_task(const struct kernel *k, gva_t task, struct utsname *ret);

#endif
