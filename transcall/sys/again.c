/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading an open file again from its start, as free and vmstat do: its content is renewed in place,
 * when it is older than what the tool sees elsewhere, too (another file, or the time).
 */
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "transcall/sys/sys.h"
#include "transcall/vfs/path.h"

/* The tool's path of an open file of the shadow; false: it is another file. */
static bool shadow_file(struct sys *s, const struct call *call, char *ret)
{
	int fd = (int)(uint32_t)call->args[0];
	struct stat st, root;
	const char *rest;
	char path[PATH_MAX];

	if (tracee_fstat(&call->who, fd, &st) || !shadow_stat(&s->vfs.shadow, "/", &root) ||
	    st.st_dev != root.st_dev || !S_ISREG(st.st_mode) ||
	    tracee_directory(&call->who, fd, path, sizeof(path)))
		return false;
	return path_join(NULL, path_under(path, "/hidden", &rest) ? rest : path, ret);
}

const struct err *sys_read_again(struct sys *s, const struct call *call, struct answer *ret)
{
	char path[PATH_MAX];
	struct place p;
	const struct err *e;

	answer_native(ret);
	if (!shadow_file(s, call, path))
		return NULL;
	e = vfs_resolve(&s->vfs, &call->who, NULL, path, true, &p);
	if (!e && p.side == SIDE_GUEST)
		e = vfs_fill(&s->vfs, &p);
	/* A process that is gone keeps its last text for who has it open. */
	return e && e->kind != ERR_ABSENT ? e : NULL;
}
