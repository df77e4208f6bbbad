/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clocksource - what a clock source of the guest's kernel shows now, from tagged registers. */
#ifndef TC_KOBJ_CLOCKSOURCE_H
#define TC_KOBJ_CLOCKSOURCE_H

#include "transcall/kobj/kernel.h"

/**
 * clocksource_read() - the counter behind the struct clocksource at @at
 * @ret_known: out: false when the registers do not tell (@ret is then untouched)
 *
 * Return: NULL; FAULT; fatal.
 */
MUST_CHECK const struct err *clocksource_read(const struct kernel *k, gva_t at, uint64_t *ret,
					      bool *ret_known);

#endif
