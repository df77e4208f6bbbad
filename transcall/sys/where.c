/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Path arguments. Input: the tool's memory. */
#include "transcall/sys/where.h"

#include <errno.h>
#include <fcntl.h>

const struct err *where_find(struct sys *s, const struct call *call, struct where at,
			     struct place *ret, int *ret_errnum)
{
	char path[PATH_MAX], base[PATH_MAX];

	*ret_errnum = tracee_read_string(&call->who, at.path, path, sizeof(path));
	if (*ret_errnum == 0 && path[0] != '/')
		*ret_errnum = tracee_directory(&call->who, at.dirfd, base, sizeof(base));
	if (*ret_errnum)
		return NULL;
	return vfs_resolve(&s->vfs, &call->who, path[0] == '/' ? NULL : base, path, at.follow, ret);
}
