/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/fd and the names in /proc/PID/fdinfo. Input: attacker-controlled. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "transcall/kobj/file.h"
#include "transcall/kobj/inode.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define FD_DIGITS_MAX 8 /* of file.c's FDS_MAX */

/* name_to_int(): decimal digits without leading zeros. */
static bool number_parse(const char *name, uint32_t *ret)
{
	uint32_t n = 0;
	unsigned digits = 0;

	for (; name[digits]; digits++) {
		if (name[digits] < '0' || name[digits] > '9' || digits == FD_DIGITS_MAX)
			return false;
		n = 10 * n + (uint32_t)(name[digits] - '0');
	}
	*ret = n;
	return digits == 1 || (digits > 1 && name[0] != '0');
}

static const struct err *fd_list(struct proc_view *view, const struct proc_node *dir,
				 enum node_kind kind, proc_emit emit, void *context)
{
	struct fdtable table;
	gva_t file;

	const struct err *e = fdtable_read(view->kernel, dir->task, &table);
	if (e && e->kind == ERR_ABSENT)
		return NULL;
	if (e)
		return e;
	for (uint32_t fd = 0;; fd++) {
		char name[16];

		e = fdtable_next(view->kernel, &table, &fd, &file);
		TRY(view_pass_over(view, e));
		if (e)
			continue;
		if (gva_is_null(file))
			return NULL;
		snprintf(name, sizeof(name), "%" PRIu32, fd);
		if (!emit(context, name, kind))
			return NULL;
	}
}

const struct err *pid_fd_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
			      void *context)
{
	return fd_list(view, dir, NODE_MAGIC, emit, context);
}

const struct err *pid_fdinfo_list(struct proc_view *view, const struct proc_node *dir,
				  proc_emit emit, void *context)
{
	TRY(view_require_access(view, dir->task, EACCES));
	return fd_list(view, dir, NODE_FILE, emit, context);
}

static const struct err *fd_find(struct proc_view *view, const struct proc_node *dir,
				 struct proc_node *ret)
{
	struct fdtable table;

	if (!number_parse(ret->name, &ret->number))
		return ERR(ERR_ABSENT, "%.64s is no file descriptor", ret->name);
	TRY(fdtable_read(view->kernel, dir->task, &table));
	TRY(fdtable_file(view->kernel, &table, ret->number, &ret->object));
	if (gva_is_null(ret->object))
		return ERR(ERR_ABSENT, "file descriptor %" PRIu32 " is not open", ret->number);
	return NULL;
}

/* proc_fdinfo_permission(), fs/proc/fd.c */
const struct err *pid_fdinfo_find(struct proc_view *view, const struct proc_node *dir,
				  struct proc_node *ret)
{
	TRY(view_require_access(view, dir->task, EACCES));
	return fd_find(view, dir, ret);
}

/* The permissions of the link tell how the file was opened (tid_fd_update_inode(), fs/proc/fd.c).
 */
const struct err *pid_fd_find(struct proc_view *view, const struct proc_node *dir,
			      struct proc_node *ret)
{
	uint64_t mode;

	TRY(fd_find(view, dir, ret));
	TRY(kfield_uint(view->kernel, ret->object, F_file_mode, &mode));
	ret->mode = S_IFLNK | (mode & FILE_MODE_READ ? S_IRUSR | S_IXUSR : 0) |
		    (mode & FILE_MODE_WRITE ? S_IWUSR | S_IXUSR : 0);
	return NULL;
}

const struct err *pid_fd_readlink(struct proc_view *view, const struct proc_node *node, char *ret,
				  size_t size_bytes)
{
	struct kfile file;

	TRY(file_read(view->kernel, node->object, &file));
	return reader_path(view, &file.path, ret, size_bytes);
}

const struct err *pid_fd_stat(struct proc_view *view, const struct proc_node *node,
			      struct stat *ret)
{
	struct kfile file;
	gva_t inode;

	TRY(file_read(view->kernel, node->object, &file));
	TRY(inode_of_dentry(view->kernel, file.path.dentry, &inode));
	return reader_stat(view, inode, ret);
}
