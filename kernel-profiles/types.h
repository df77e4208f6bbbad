/* SPDX-License-Identifier: GPL-2.0-or-later */
/* types - members, sizes and enumerators of a kernel and its modules, as lines of a profile. */
#ifndef KP_TYPES_H
#define KP_TYPES_H

#include "kernel-profiles/lines.h"
#include "kernel-profiles/modules.h"

/**
 * types_add() - add a line for each row of fields.def that the kernel has
 * @image:   its .BTF section
 * @modules: made for the kernel @release, else refused
 *
 * Return: NULL, PROTO, SYSTEM.
 */
MUST_CHECK const struct err *types_add(struct lines *l, const struct span *image,
				       const struct modules *modules, const char *release);

#endif
