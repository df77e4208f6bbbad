/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look up families.def. */
#include "transcall/netlink/families.h"

#include <linux/netlink.h>
#include <stddef.h>

#include "transcall/proc/workset.h"

uint64_t families_sets(int protocol)
{
	static const struct {
		int protocol;
		uint64_t sets;
	} rows[] = {
#define FAMILY(protocol_, sets_) {protocol_, sets_},
#include "transcall/netlink/families.def"
#undef FAMILY
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].protocol == protocol)
			return rows[i].sets;
	return 0;
}
