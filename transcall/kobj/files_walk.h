/* SPDX-License-Identifier: GPL-2.0-or-later */
/* files_walk - read all that listings of open files show, and drop it: see workset.h. */
#ifndef TC_KOBJ_FILES_WALK_H
#define TC_KOBJ_FILES_WALK_H

#include "transcall/kobj/kernel.h"

/* Objects that cannot be read are skipped. Return: NULL or a fatal kind. */
MUST_CHECK const struct err *files_walk(const struct kernel *k);

#endif
