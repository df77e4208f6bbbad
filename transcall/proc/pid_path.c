/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/exe, cwd, root. Input: attacker-controlled. */
#include "transcall/kobj/inode.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"

/* Kernel threads and zombies have no executable. */
static const struct err *exe_path(struct proc_view *view, const struct proc_node *node,
				  struct kpath *ret)
{
	const struct kernel *k = view->kernel;
	struct task task;
	gva_t file = gva(0);

	TRY(task_read(k, node->task, &task));
	if (!gva_is_null(task.mm))
		TRY(kfield_ptr(k, task.mm, F_mm_struct_exe_file, &file));
	if (gva_is_null(file))
		return ERR(ERR_ABSENT, "the task has no executable");
	return kpath_read(k, kfield_at(k, file, F_file_path), ret);
}

static const struct err *path_name(struct proc_view *view, const struct kpath *path, char *ret,
				   size_t size_bytes)
{
	return reader_path(view, path, ret, size_bytes);
}

static const struct err *path_stat(struct proc_view *view, const struct kpath *path,
				   struct stat *ret)
{
	gva_t inode;

	TRY(inode_of_dentry(view->kernel, path->dentry, &inode));
	return reader_stat(view, inode, ret);
}

const struct err *pid_exe_readlink(struct proc_view *view, const struct proc_node *node, char *ret,
				   size_t size_bytes)
{
	struct kpath path;

	TRY(exe_path(view, node, &path));
	return path_name(view, &path, ret, size_bytes);
}

const struct err *pid_exe_stat(struct proc_view *view, const struct proc_node *node,
			       struct stat *ret)
{
	struct kpath path;

	TRY(exe_path(view, node, &path));
	return path_stat(view, &path, ret);
}

const struct err *pid_cwd_readlink(struct proc_view *view, const struct proc_node *node, char *ret,
				   size_t size_bytes)
{
	struct kpath path;

	TRY(kpath_cwd(view->kernel, node->task, &path));
	return path_name(view, &path, ret, size_bytes);
}

const struct err *pid_cwd_stat(struct proc_view *view, const struct proc_node *node,
			       struct stat *ret)
{
	struct kpath path;

	TRY(kpath_cwd(view->kernel, node->task, &path));
	return path_stat(view, &path, ret);
}

const struct err *pid_root_readlink(struct proc_view *view, const struct proc_node *node, char *ret,
				    size_t size_bytes)
{
	struct kpath path;

	TRY(kpath_root(view->kernel, node->task, &path));
	return path_name(view, &path, ret, size_bytes);
}

const struct err *pid_root_stat(struct proc_view *view, const struct proc_node *node,
				struct stat *ret)
{
	struct kpath path;

	TRY(kpath_root(view->kernel, node->task, &path));
	return path_stat(view, &path, ret);
}
