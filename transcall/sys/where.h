/* SPDX-License-Identifier: GPL-2.0-or-later */
/* where - from a call's path arguments to the place they lead to. */
#ifndef TC_SYS_WHERE_H
#define TC_SYS_WHERE_H

#include "transcall/sys/sys.h"

struct where {
	int dirfd;
	uint64_t path; /* address in the tool's memory */
	bool follow;
};

/**
 * where_find() - read the path and find its place
 * @ret_errnum: out: 0, or what the call fails with although @ret is not set (EFAULT, EBADF ...)
 *
 * Return: as vfs_resolve().
 */
MUST_CHECK const struct err *where_find(struct sys *s, const struct call *call, struct where at,
					struct place *ret, int *ret_errnum);

#endif
