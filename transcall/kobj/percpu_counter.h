/* SPDX-License-Identifier: GPL-2.0-or-later */
/* percpu_counter - a counter whose CPUs keep a part of it each. */
#ifndef TC_KOBJ_PERCPU_COUNTER_H
#define TC_KOBJ_PERCPU_COUNTER_H

#include "transcall/kobj/kernel.h"

/* percpu_counter_sum_positive() of the struct percpu_counter at @at. */
MUST_CHECK const struct err *percpu_counter_sum(const struct kernel *k, gva_t at, uint64_t *ret);

#endif
