/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dispatch - from a trapped call to its handler, and from errors to what the tool sees. */
#ifndef TC_SYS_DISPATCH_H
#define TC_SYS_DISPATCH_H

#include "transcall/sys/sys.h"

/**
 * dispatch() - have a trapped call handled
 *
 * ABSENT, FAULT and RACE become the answer.
 * Return: NULL, or an error that ends the run.
 */
MUST_CHECK const struct err *dispatch(struct sys *s, const struct call *call, struct answer *ret);

#endif
