/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The backends there are. */
#include "remotetrans/server/backend.h"

#include <string.h>

static const struct backend_ops *const backends[] = {&backend_qemu, &backend_image};

const struct err *backend_by_name(const char *name, const struct backend_ops **ret)
{
	for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
		*ret = backends[i];
		if (strcmp((*ret)->name, name) == 0)
			return NULL;
	}
	return ERR(ERR_USAGE, "unknown backend '%s': qemu or image", name);
}
