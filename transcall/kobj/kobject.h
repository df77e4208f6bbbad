/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kobject - names in /sys (lib/kobject.c). */
#ifndef TC_KOBJ_KOBJECT_H
#define TC_KOBJ_KOBJECT_H

#include "transcall/kobj/kernel.h"

#define KOBJECT_DEPTH_MAX  64
#define KOBJECT_NAME_BYTES 128

/* kobject_get_path(): "/devices/..."; "" where a name on the way is missing. */
MUST_CHECK const struct err *kobject_path(const struct kernel *k, gva_t kobject, char *ret,
					  size_t size_bytes);

#endif
