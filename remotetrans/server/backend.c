/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The backends there are: those of this build. */
#include "remotetrans/server/backend.h"

#include <stdio.h>
#include <string.h>

#define DOMID_LIMIT 0x7ff0u /* DOMID_FIRST_RESERVED, xen/public/xen.h */

static const struct backend_ops *const backends[] = {
#ifdef RT_HAVE_XEN
	&backend_xen,
#endif
	&backend_qemu,
	&backend_image,
};

#define COUNT (sizeof(backends) / sizeof(backends[0]))

static const struct err *without_xen(void)
{
	return ERR(ERR_USAGE,
		   "this remotetransd was built without Xen's libraries and has no backend "
		   "'xen': install libxen-dev and build it again");
}

const char *backend_names(void)
{
	static char names[128];

	if (names[0])
		return names;
	for (size_t i = 0; i < COUNT; i++) {
		size_t used = strlen(names);

		snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
			 backends[i]->name);
	}
	return names;
}

const struct err *backend_by_name(const char *name, const struct backend_ops **ret)
{
	for (size_t i = 0; i < COUNT; i++) {
		*ret = backends[i];
		if (strcmp((*ret)->name, name) == 0)
			return NULL;
	}
	if (strcmp(name, "xen") == 0)
		return without_xen();
	return ERR(ERR_USAGE, "unknown backend '%s'; this build has: %s", name, backend_names());
}

const struct err *backend_event_log(uint8_t *ret, size_t size_bytes, size_t *ret_len_bytes)
{
#ifdef RT_HAVE_XEN
	return backend_xen_event_log(ret, size_bytes, ret_len_bytes);
#else
	(void)ret, (void)size_bytes, (void)ret_len_bytes;
	return without_xen();
#endif
}

const struct err *backend_grant(const char *pair)
{
	unsigned server, guest;
	int end = 0;

	if (sscanf(pair, "%5u=%5u%n", &server, &guest, &end) != 2 || pair[end] ||
	    server >= DOMID_LIMIT || guest >= DOMID_LIMIT || !guest || server == guest)
		return ERR(ERR_USAGE, "--xen-grant %.32s: not SERVER-DOMID=GUEST-DOMID", pair);
#ifdef RT_HAVE_XEN
	return backend_xen_grant(server, guest);
#else
	return without_xen();
#endif
}
