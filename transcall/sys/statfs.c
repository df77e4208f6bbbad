/* SPDX-License-Identifier: GPL-2.0-or-later */
/* statfs: of the guest's file system on that path. Input: the tool's arguments; the guest's answer. */
#include <errno.h>
#include <fcntl.h>

#include "transcall/sys/where.h"
#include "transcall/vfs/path.h"

/* Where the guest cannot tell, this machine's disks would be the wrong answer. */
static const struct err *answer_statfs(struct sys *s, const struct call *call, const char *path,
				       struct answer *ret)
{
	struct statfs fs;
	const struct err *e;

	TRY(vfs_want(&s->vfs, path));
	e = guest_statfs(s->guest, path, &fs);
	if (e && e->kind == ERR_ABSENT) {
		answer_error(ret, ENOSYS);
		return NULL;
	}
	TRY(e);
	answer_written(ret, tracee_write(&call->who, call->args[1], &fs, sizeof(fs)));
	return NULL;
}

const struct err *sys_statfs(struct sys *s, const struct call *call, struct answer *ret)
{
	struct where at = {AT_FDCWD, call->args[0], true};
	struct place p;
	int errnum;
	const struct err *e = where_find(s, call, at, &p, &errnum);

	if (e && e->kind == ERR_ABSENT) /* the tree lacks it, the guest need not */
		return answer_statfs(s, call, p.path, ret);
	TRY(e);
	if (errnum) {
		answer_error(ret, errnum);
		return NULL;
	}
	return answer_statfs(s, call, p.side == SIDE_OWN ? "/proc" : p.path, ret);
}

const struct err *sys_fstatfs(struct sys *s, const struct call *call, struct answer *ret)
{
	char path[PATH_MAX];
	const char *rest;
	int errnum = tracee_directory(&call->who, (int)(uint32_t)call->args[0], path, sizeof(path));

	if (errnum) {
		answer_error(ret, errnum == EBADF ? EBADF : ENOSYS);
		return NULL;
	}
	return answer_statfs(s, call, path_under(path, OWN_PROCFS, &rest) ? "/proc" : path, ret);
}
