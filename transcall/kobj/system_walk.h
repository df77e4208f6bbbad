/* SPDX-License-Identifier: GPL-2.0-or-later */
/* system_walk - read all that files about the system as a whole show, and drop it: see workset.h.
 */
#ifndef TC_KOBJ_SYSTEM_WALK_H
#define TC_KOBJ_SYSTEM_WALK_H

#include "transcall/kobj/kernel.h"

/* Objects that cannot be read are skipped. Return: NULL or a fatal kind. */
MUST_CHECK const struct err *system_walk(const struct kernel *k);

#endif
