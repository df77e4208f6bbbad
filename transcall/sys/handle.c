/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * name_to_handle_at, open_by_handle_at: ss finds the numbers and names of control groups so. Input:
 * the tool's arguments; the tree's answers. Nothing of this machine is ever named or opened by a
 * handle.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "transcall/sys/where.h"

#define HANDLE_BYTES_MAX 128  /* MAX_HANDLE_SZ */
#define HANDLE_KERNFS    0xfe /* FILEID_KERNFS, include/linux/exportfs.h */
#define HANDLE_INVALID   0xff /* FILEID_INVALID */
#define HANDLE_INO32_GEN 1    /* FILEID_INO32_GEN: the number in two halves, as in memory */

/* kernfs_encode_fh() */
static int handle_write(const struct call *call, const struct group_handle *group)
{
	struct file_handle handle;
	int32_t mount = group->mount;
	bool fits;

	if (tracee_read(&call->who, call->args[2], &handle, sizeof(handle)))
		return EFAULT;
	if (handle.handle_bytes > HANDLE_BYTES_MAX)
		return EINVAL;
	fits = handle.handle_bytes >= sizeof(group->id);
	handle.handle_bytes = sizeof(group->id);
	handle.handle_type = fits ? HANDLE_KERNFS : HANDLE_INVALID;
	if (tracee_write(&call->who, call->args[2], &handle, sizeof(handle)) ||
	    tracee_write(&call->who, call->args[3], &mount, sizeof(mount)))
		return EFAULT;
	if (!fits)
		return EOVERFLOW;
	return tracee_write(&call->who, call->args[2] + sizeof(handle), &group->id,
			    sizeof(group->id));
}

const struct err *sys_name_to_handle_at(struct sys *s, const struct call *call, struct answer *ret)
{
	struct where at = {(int)(uint32_t)call->args[0], call->args[1],
			   (call->args[4] & AT_SYMLINK_FOLLOW) != 0};
	struct group_handle group;
	const struct err *e;
	struct place p;
	int errnum;

	TRY(where_find(s, call, at, &p, &errnum));
	if (errnum) {
		answer_error(ret, errnum);
		return NULL;
	}
	answer_error(ret, EOPNOTSUPP);
	if (p.side != SIDE_GUEST || p.node.kind != NODE_DIR)
		return NULL;
	e = guest_group_handle(s->guest, p.path, &group);
	if (e && e->kind == ERR_ABSENT)
		return NULL;
	TRY(e);
	answer_written(ret, handle_write(call, &group));
	return NULL;
}

/* The number in the handle at @at; 0: none of kernfs. Return: 0, or an errno. */
static int handle_read(const struct call *call, uint64_t at, uint64_t *ret)
{
	struct file_handle handle;

	*ret = 0;
	if (tracee_read(&call->who, at, &handle, sizeof(handle)))
		return EFAULT;
	if (handle.handle_bytes == 0 || handle.handle_bytes > HANDLE_BYTES_MAX)
		return EINVAL;
	if (handle.handle_bytes < sizeof(*ret) ||
	    (handle.handle_type != HANDLE_KERNFS && handle.handle_type != HANDLE_INO32_GEN))
		return 0;
	return tracee_read(&call->who, at + sizeof(handle), ret, sizeof(*ret)) ? EFAULT : 0;
}

/* A mount by any directory of it; ABSENT: none of the tree's. */
static const struct err *mount_find(struct sys *s, const struct call *call, struct place *ret)
{
	char path[PATH_MAX];

	if (tracee_directory(&call->who, (int)(uint32_t)call->args[0], path, sizeof(path)))
		return ERR(ERR_ABSENT, "no directory");
	TRY(vfs_resolve(&s->vfs, &call->who, NULL, path, true, ret));
	return ret->side == SIDE_GUEST && ret->node.kind == NODE_DIR
		       ? NULL
		       : ERR(ERR_ABSENT, "no directory of the guest's");
}

static const struct err *group_open(struct sys *s, const struct call *call, uint64_t id,
				    struct place *p, struct answer *ret)
{
	char path[PROC_PATH_BYTES];
	int fd;

	TRY(guest_group_path(s->guest, p->path, id, path));
	if ((call->args[2] & O_ACCMODE) != O_RDONLY) {
		answer_error(ret, EISDIR);
		return NULL;
	}
	TRY(vfs_resolve(&s->vfs, &call->who, NULL, path, true, p));
	TRY(vfs_fill(&s->vfs, p));
	fd = shadow_open(&s->vfs.shadow, p->path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		answer_error(ret, errno);
	else
		*ret = (struct answer){
			.kind = ANSWER_FD, .fd = fd, .cloexec = (call->args[2] & O_CLOEXEC) != 0};
	return NULL;
}

const struct err *sys_open_by_handle_at(struct sys *s, const struct call *call, struct answer *ret)
{
	const struct err *e;
	struct place p;
	uint64_t id;
	int errnum = handle_read(call, call->args[1], &id);

	if (errnum) {
		answer_error(ret, errnum);
		return NULL;
	}
	e = mount_find(s, call, &p);
	if (!e)
		e = group_open(s, call, id, &p, ret);
	if (e && e->kind == ERR_ABSENT) {
		answer_error(ret, e->errnum ? e->errnum : EPERM);
		return NULL;
	}
	return e;
}
