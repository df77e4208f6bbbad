/* SPDX-License-Identifier: GPL-2.0-or-later */
/* families - which netlink protocols the tool can open: families.def. */
#ifndef TC_NETLINK_FAMILIES_H
#define TC_NETLINK_FAMILIES_H

#include <stdint.h>

/* Working sets (WORKSET_*) that answers of @protocol read; 0: it cannot be opened. */
uint64_t families_sets(int protocol);

#endif
