/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Path arguments. Input: the tool's memory. */
#include "transcall/sys/where.h"

#include <errno.h>
#include <fcntl.h>

const struct err *where_find(struct sys *s, const struct call *call, struct where at,
			     struct place *ret, int *ret_errnum)
{
	char path[PATH_MAX], base[PATH_MAX];
	const char *unlisted = NULL;

	*ret_errnum = tracee_read_string(&call->who, at.path, path, sizeof(path));
	if (*ret_errnum == 0 && path[0] != '/')
		*ret_errnum = tracee_directory(&call->who, at.dirfd, base, sizeof(base));
	if (*ret_errnum)
		return NULL;
	if (path[0] != '/' && at.dirfd == AT_FDCWD)
		unlisted = unlisted_directory(&s->vfs, &call->who);
	if (unlisted)
		snprintf(base, sizeof(base), "%s", unlisted);
	TRY(vfs_resolve(&s->vfs, &call->who, path[0] == '/' ? NULL : base, path, at.follow, ret));
	ret->native &= !unlisted; /* the tool's kernel sees no path from there */
	return NULL;
}
