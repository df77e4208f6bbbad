/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sockets_walk - read all that listings of sockets show, and drop it: see workset.h. */
#ifndef TC_KOBJ_SOCKETS_WALK_H
#define TC_KOBJ_SOCKETS_WALK_H

#include "transcall/kobj/kernel.h"

/* The network namespace of the guest's first process. Return: NULL or a fatal kind. */
MUST_CHECK const struct err *sockets_walk(const struct kernel *k);

#endif
