/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stat family. Input: the tool's arguments; the tree's answers. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "transcall/sys/stat.h"
#include "transcall/vfs/path.h"

/* A file of the guest's disks or /dev: its own inode, else what the tree knows of it. */
static const struct err *stat_file(struct sys *s, const struct place *p, struct stat *ret)
{
	const struct err *e = guest_stat(s->guest, p->path, false, ret);

	return e && e->kind == ERR_ABSENT ? proc_attr(s->guest->view, &p->node, ret) : e;
}

/*
 * An entry itself: the tree's attributes under the shadow's device and inode number, so that they
 * agree with what the kernel says of a descriptor or of ".". Devices and files outside /proc and
 * /sys keep the guest's.
 */
static const struct err *stat_entry(struct sys *s, const struct place *p, struct stat *ret)
{
	char path[PATH_MAX];
	struct stat local;
	const char *rest;

	if (!path_under(p->path, "/proc", &rest) && !path_under(p->path, "/sys", &rest))
		return stat_file(s, p, ret);
	TRY(proc_attr(s->guest->view, &p->node, ret));
	TRY(vfs_make(&s->vfs, p));
	TRY(vfs_shadow_path(&s->vfs, p, path));
	if (shadow_stat(&s->vfs.shadow, path, &local)) {
		ret->st_dev = local.st_dev;
		ret->st_ino = local.st_ino;
	}
	return NULL;
}

/* A file with a fixed text, owned by root. */
static int stat_text(struct sys *s, const struct place *p, struct stat *ret)
{
	int fd = fixed_file(s, p->path, p->text);

	if (fd < 0 || fstat(fd, ret) < 0)
		return errno;
	ret->st_uid = ret->st_gid = 0;
	return 0;
}

/* What the tool's own kernel shows as it is to be shown. */
static bool is_native(const struct place *p)
{
	return p->side == SIDE_HOST || (p->side == SIDE_OWN && p->native && !p->text);
}

/* /proc/self itself, or an entry of a process of the tool by its number. */
static int stat_own(struct sys *s, const struct place *p, bool follow, struct stat *ret)
{
	if (p->text) {
		*ret = (struct stat){.st_mode = S_IFLNK | 0777, .st_nlink = 1, .st_blksize = 1024};
		return 0;
	}
	return fstatat(s->vfs.procfs, p->path + 1, ret, follow ? 0 : AT_SYMLINK_NOFOLLOW) ? errno
											  : 0;
}

/*
 * Elsewhere than in /proc and /sys the guest has files that the tree does not: mount points, /run
 * ... So has whoever follows /proc/PID/root. They can be examined as far as its kernel has them in
 * memory.
 */
static const struct err *stat_uncovered(struct sys *s, const struct place *p, bool follow,
					struct stat *ret)
{
	const char *rest;

	if (!paths_examined(p->path) &&
	    (path_under(p->path, "/proc", &rest) || path_under(p->path, "/sys", &rest)))
		return ERR(ERR_ABSENT, "nothing at %.300s", p->path);
	TRY(vfs_want(&s->vfs, p->path));
	return guest_stat(s->guest, p->path, follow, ret);
}

static bool caller_examines(const struct call *call)
{
	char program[32];

	if (tracee_program(&call->who, program, sizeof(program)))
		return false;
	if (paths_has_applets(program) && tracee_argument(&call->who, 1, program, sizeof(program)))
		return false;
	return paths_examines(program);
}

/* A file of this machine by its path, but the caller means the guest's (vfs/named.h, paths.def). */
static bool is_named(const struct sys *s, const struct call *call, const struct place *p)
{
	if (p->side != SIDE_HOST)
		return false;
	return named_to(&s->vfs.named, call->who.tid, p->path) || caller_examines(call);
}

static const struct err *stat_place(struct sys *s, const struct place *p, bool follow,
				    struct stat *ret, int *ret_errnum)
{
	*ret_errnum = 0;
	if (p->side == SIDE_HOST)
		return guest_stat(s->guest, p->path, follow, ret);
	if (p->side == SIDE_OURS)
		*ret_errnum = stat_text(s, p, ret);
	else if (p->side == SIDE_OWN)
		*ret_errnum = stat_own(s, p, follow, ret);
	else if (p->node.kind == NODE_MAGIC && follow)
		return proc_stat_target(s->guest->view, &p->node, ret);
	else
		return stat_entry(s, p, ret);
	return NULL;
}

const struct err *sys_stat(struct sys *s, const struct call *call, struct answer *ret)
{
	struct stat_request request = stat_request(call);
	struct place p;
	struct stat st;
	int errnum;
	const struct err *e;

	if (request.of_descriptor)
		return sys_fstat(s, call, ret);
	e = where_find(s, call, request.at, &p, &errnum);
	if (e && e->kind == ERR_ABSENT && e->errnum != EACCES) {
		TRY(stat_uncovered(s, &p, request.at.follow, &st));
	} else {
		TRY(e);
		answer_native(ret);
		if (errnum == 0 && is_native(&p) && !is_named(s, call, &p))
			return NULL;
		if (errnum == 0)
			TRY(stat_place(s, &p, request.at.follow, &st, &errnum));
	}
	answer_written(ret, errnum ? errnum : stat_write(call, &request, &st));
	return NULL;
}
