/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk - for the walks over working sets: go on after objects that cannot be read. */
#ifndef TC_KOBJ_WALK_H
#define TC_KOBJ_WALK_H

#include "remotetrans/base/err.h"

/* FAULT, ABSENT and RACE of one object end only that object. Return: NULL or a fatal kind. */
MUST_CHECK static inline const struct err *walk_past(const struct err *e)
{
	return e && err_is_fatal(e) ? e : NULL;
}

#endif
