/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the walk's child may still do: compute, and one byte in, one byte out. */
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "remotetrans/base/confine.h"
#include "remotetrans/server/walk_shared.h"

const struct err *walk_confine(int fd)
{
	const struct confine_rule rules[] = {
		CONFINE_CALL_IF(read, CONFINE_IS(0, fd)),
		CONFINE_CALL_IF(write, CONFINE_IS(0, fd)),
	};
	const struct rlimit none = {0, 0};

	/* Keep @fd alone: no standard streams, no client, no vmmd. */
	close_range(0, (unsigned)fd - 1, 0);
	close_range((unsigned)fd + 1, ~0u, 0);
	if (setrlimit(RLIMIT_CORE, &none) != 0 || setrlimit(RLIMIT_NOFILE, &none) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "setrlimit");
	return confine_calls(rules, sizeof(rules) / sizeof(rules[0]), NULL, 0);
}
