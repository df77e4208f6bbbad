/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminals under /dev that processes are controlled by: what ps names them by. The nodes are
 * those of the guest's own /dev, which lives in its memory. Input: attacker-controlled.
 */
#include "transcall/proc/renderers.h"

#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "transcall/kobj/inode.h"
#include "transcall/kobj/namei.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/tty.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/view.h"

#define TTYS_MAX   4096 /* terminals listed; more are found by name alone */
#define PTS_PREFIX "pts/"

/* The terminals met so far: few, however many processes use them. */
struct tty_names {
	unsigned count;
	gva_t at[TTYS_MAX];
};

static bool names_add(struct tty_names *seen, gva_t at)
{
	for (unsigned i = 0; i < seen->count; i++)
		if (gva_equal(seen->at[i], at))
			return false;
	if (seen->count == TTYS_MAX)
		return false;
	seen->at[seen->count++] = at;
	return true;
}

/* "pts/0" belongs to /dev/pts, "tty1" to /dev. */
static const char *name_in(const char *path, bool pts)
{
	size_t len = strlen(PTS_PREFIX);

	if (strncmp(path, PTS_PREFIX, len) == 0)
		return pts ? path + len : NULL;
	return pts || strchr(path, '/') || !*path ? NULL : path;
}

static const struct err *list_ttys(struct proc_view *view, bool pts, struct tty_names *seen,
				   proc_emit emit, void *context)
{
	char path[TTY_NAME_BYTES + sizeof(PTS_PREFIX)];
	struct pid_iter it;
	struct task t;
	struct tty tty;
	uint32_t tgid;
	gva_t task;

	TRY(pid_iter_init(&it, view->kernel, view->pid_ns));
	for (;;) {
		const struct err *e = pid_iter_next(&it, view->kernel, &tgid, &task);

		if (!e && gva_is_null(task))
			return NULL;
		if (!e)
			e = task_read(view->kernel, task, &t);
		if (!e)
			e = tty_of_task(view->kernel, &t, &tty);
		TRY(view_pass_over(view, e));
		if (e || gva_is_null(tty.at) || !names_add(seen, tty.at))
			continue;
		tty_path(&tty, path, sizeof(path));
		const char *name = name_in(path, pts);
		if (name && !emit(context, name, NODE_FILE))
			return NULL;
	}
}

static const struct err *list_new(struct proc_view *view, bool pts, proc_emit emit, void *context)
{
	AUTO_FREE struct tty_names *seen = calloc(1, sizeof(*seen));

	if (!seen)
		return ERR(ERR_SYSTEM, "no memory to list terminals");
	return list_ttys(view, pts, seen, emit, context);
}

const struct err *dev_tty_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
			       void *context)
{
	(void)dir;
	return list_new(view, false, emit, context);
}

const struct err *dev_pts_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
			       void *context)
{
	(void)dir;
	return list_new(view, true, emit, context);
}

/* The character device of that name in the guest's own /dev. */
static const struct err *device_find(struct proc_view *view, const char *dir, struct proc_node *ret)
{
	struct kpath root, at;
	char path[sizeof(ret->name) + 16];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir, ret->name);
	TRY(kpath_root(view->kernel, view->reader, &root));
	TRY(namei_lookup(view->kernel, &root, path, true, &at));
	TRY(inode_of_dentry(view->kernel, at.dentry, &ret->object));
	TRY(inode_stat(view->kernel, ret->object, &st));
	if (!S_ISCHR(st.st_mode))
		return ERR(ERR_ABSENT, "%s is no character device of the guest", path);
	return NULL;
}

const struct err *dev_tty_find(struct proc_view *view, const struct proc_node *dir,
			       struct proc_node *ret)
{
	(void)dir;
	return device_find(view, "/dev", ret);
}

const struct err *dev_pts_find(struct proc_view *view, const struct proc_node *dir,
			       struct proc_node *ret)
{
	(void)dir;
	return device_find(view, "/dev/pts", ret);
}

const struct err *dev_tty_attr(struct proc_view *view, const struct proc_node *node,
			       struct stat *ret)
{
	return reader_stat(view, node->object, ret);
}
