/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The working set of open files, mounts and locks. Input: attacker-controlled. */
#include "transcall/kobj/files_walk.h"

#include <string.h>

#include "transcall/kobj/file.h"
#include "transcall/kobj/inode.h"
#include "transcall/kobj/lock.h"
#include "transcall/kobj/mount.h"
#include "transcall/kobj/ns.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/task.h"
#include "transcall/kobj/walk.h"

/* What all files are read for: names are relative to the root of the guest's first process. */
struct files {
	const struct kernel *kernel;
	gva_t pid_ns;
	struct kpath root;
};

/* As for readlink and stat of a magic link. */
static const struct err *path_walk(const struct files *f, const struct kpath *path)
{
	char name[DPATH_BYTES];
	struct stat st;
	gva_t inode;

	TRY(walk_past(dpath_render(f->kernel, &f->root, path, name, sizeof(name))));
	TRY(inode_of_dentry(f->kernel, path->dentry, &inode));
	return inode_stat(f->kernel, inode, &st);
}

static const struct err *epoll_walk(const struct kernel *k, gva_t eventpoll)
{
	struct rbtree_iter it;
	gva_t node, file, inode;
	dev_t dev;

	TRY(kfield_ptr(k, eventpoll, F_eventpoll_items, &node));
	TRY(rbtree_init(&it, k, node));
	for (;;) {
		TRY(rbtree_next(&it, k, &node));
		if (gva_is_null(node))
			return NULL;
		TRY(kfield_ptr(k, kfield_container(k, node, F_epitem_node), F_epitem_file, &file));
		TRY(kfield_ptr(k, file, F_file_inode, &inode));
		TRY(inode_dev(k, inode, &dev));
	}
}

/* The lines of fdinfo that lsof reads: an eventfd's number, what an epoll waits for. */
static const struct err *kind_walk(const struct kernel *k, const struct kfile *file)
{
	uint64_t id;
	gva_t show;

	TRY(kfield_ptr(k, file->op, F_file_operations_show_fdinfo, &show));
	if (gva_equal(show, kernel_symbol(k, S_eventfd_show_fdinfo)))
		return kfield_uint(k, file->private_data, F_eventfd_ctx_id, &id);
	if (gva_equal(show, kernel_symbol(k, S_ep_show_fdinfo)))
		return epoll_walk(k, file->private_data);
	return NULL;
}

static const struct err *file_walk(const struct files *f, const struct fdtable *table, gva_t at)
{
	const struct kernel *k = f->kernel;
	struct lock_file_iter locks;
	struct kfile file;
	uint64_t mount_id;
	gva_t lock;

	TRY(file_read(k, at, &file));
	TRY(walk_past(path_walk(f, &file.path)));
	TRY(kfield_uint(k, kfield_container(k, file.path.mnt, F_mount_mnt), F_mount_id, &mount_id));
	TRY(walk_past(kind_walk(k, &file)));
	TRY(lock_file_iter_init(&locks, k, at, table->files));
	return lock_file_iter_next(&locks, k, &lock);
}

static const struct err *table_walk(const struct files *f, gva_t task)
{
	struct fdtable table;
	bool cloexec;
	gva_t file;

	TRY(fdtable_read(f->kernel, task, &table));
	for (uint32_t fd = 0;; fd++) {
		TRY(fdtable_next(f->kernel, &table, &fd, &file));
		if (gva_is_null(file))
			return NULL;
		TRY(walk_past(fdtable_close_on_exec(f->kernel, &table, fd, &cloexec)));
		TRY(walk_past(file_walk(f, &table, file)));
	}
}

static const struct err *exe_walk(const struct files *f, gva_t at)
{
	struct task task;
	struct kpath path;
	gva_t file;

	TRY(task_read(f->kernel, at, &task));
	if (gva_is_null(task.mm))
		return NULL;
	TRY(kfield_ptr(f->kernel, task.mm, F_mm_struct_exe_file, &file));
	if (gva_is_null(file))
		return NULL;
	TRY(kpath_read(f->kernel, kfield_at(f->kernel, file, F_file_path), &path));
	return path_walk(f, &path);
}

static const struct err *place_walk(const struct files *f, gva_t task)
{
	struct kpath path;

	TRY(kpath_cwd(f->kernel, task, &path));
	TRY(walk_past(path_walk(f, &path)));
	TRY(kpath_root(f->kernel, task, &path));
	return path_walk(f, &path);
}

static const struct err *ns_walk(const struct files *f, gva_t task)
{
	static const char *const names[] = {"net",  "uts", "ipc",    "pid",
					    "user", "mnt", "cgroup", "time"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct ns_kind *kind = ns_find(names[i]);
		struct stat st;
		gva_t ns;

		TRY(ns_of_task(f->kernel, task, kind, &ns));
		TRY(ns_stat(f->kernel, ns, kind, &st));
	}
	return NULL;
}

static const struct err *task_walk(const struct files *f, gva_t task)
{
	TRY(walk_past(table_walk(f, task)));
	TRY(walk_past(exe_walk(f, task)));
	TRY(walk_past(place_walk(f, task)));
	return walk_past(ns_walk(f, task));
}

static const struct err *tasks_walk(const struct files *f)
{
	struct pid_iter it;
	uint32_t tgid;
	gva_t task;

	TRY(pid_iter_init(&it, f->kernel, f->pid_ns));
	for (;;) {
		TRY(pid_iter_next(&it, f->kernel, &tgid, &task));
		if (gva_is_null(task))
			return NULL;
		TRY(task_walk(f, task));
	}
}

static const struct err *mount_walk(const struct files *f, gva_t at)
{
	const struct kernel *k = f->kernel;
	char text[DPATH_BYTES];
	struct kmount mount;
	gva_t type, name;
	uint64_t flags;
	bool below;

	TRY(mount_read(k, at, &mount));
	TRY(dpath_render_below(k, &f->root, &mount.path, text, sizeof(text), &below));
	TRY(kfield_uint(k, mount.sb, F_super_block_flags, &flags));
	TRY(kfield_ptr(k, mount.sb, F_super_block_type, &type));
	TRY(kfield_ptr(k, type, F_file_system_type_name, &name));
	TRY(kread_str(k, name, text, sizeof(text)));
	return gva_is_null(mount.devname) ? NULL : kread_str(k, mount.devname, text, sizeof(text));
}

static const struct err *mounts_walk(const struct files *f, gva_t reader)
{
	struct mount_iter it;
	gva_t at;

	TRY(mount_iter_init(&it, f->kernel, reader));
	for (;;) {
		TRY(mount_iter_next(&it, f->kernel, &at));
		if (gva_is_null(at))
			return NULL;
		TRY(walk_past(mount_walk(f, at)));
	}
}

static const struct err *locks_walk(const struct files *f)
{
	struct lock_iter it;
	struct klock lock;
	gva_t at;

	lock_iter_init(&it);
	for (;;) {
		TRY(lock_iter_next(&it, f->kernel, &at));
		if (gva_is_null(at))
			return NULL;
		TRY(walk_past(lock_read(f->kernel, at, f->pid_ns, &lock)));
	}
}

static const struct err *all_walk(struct files *f)
{
	gva_t reader;

	TRY(pid_find_task(f->kernel, f->pid_ns, 1, &reader));
	TRY(kpath_root(f->kernel, reader, &f->root));
	TRY(walk_past(tasks_walk(f)));
	TRY(walk_past(mounts_walk(f, reader)));
	return locks_walk(f);
}

const struct err *files_walk(const struct kernel *k)
{
	struct files f = {.kernel = k, .pid_ns = kernel_symbol(k, S_init_pid_ns)};

	return walk_past(all_walk(&f));
}
