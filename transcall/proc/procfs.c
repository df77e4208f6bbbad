/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries that are registered in procfs. Input: attacker-controlled. */
#include "transcall/proc/procfs.h"

#include "transcall/kobj/procentry.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

/* --- entries without a row ------------------------------------------------------------------ */

/* proc_get_link(): the link's text */
static const struct err *link_read(struct proc_view *view, const struct proc_node *node, char *ret,
				   size_t size_bytes)
{
	gva_t text;

	TRY(kfield_ptr(view->kernel, node->registered, F_proc_dir_entry_data, &text));
	return kread_str(view->kernel, text, ret, size_bytes);
}

static const struct proc_entry without_row[] = {
	{.path = "/proc/*", .kind = NODE_DIR, .mode = S_IFDIR},
	{.path = "/proc/*", .kind = NODE_SYMLINK, .mode = S_IFLNK, .readlink = link_read},
	{.path = "/proc/*",
	 .kind = NODE_FILE,
	 .mode = S_IFREG,
	 .unavailable = "nothing renders this file"},
};

static const struct proc_entry *entry_without_row(enum node_kind kind)
{
	const struct proc_entry *entry = without_row;

	while (entry->kind != kind)
		entry++;
	return entry;
}

/* --- finding -------------------------------------------------------------------------------- */

/* The type decides, not the row: modules may register anything. */
static enum node_kind kind_of(const struct procentry *e)
{
	if (S_ISDIR(e->mode))
		return NODE_DIR;
	return S_ISLNK(e->mode) ? NODE_SYMLINK : NODE_FILE;
}

const struct err *procfs_step(struct proc_view *view, gva_t dir, const struct proc_entry *row,
			      struct proc_node *ret)
{
	struct procentry e;

	TRY(procentry_find(view->kernel, dir, ret->name, &e));
	ret->registered = e.at;
	ret->kind = kind_of(&e);
	ret->mode = e.mode & 07777;
	ret->entry = row && row->kind == ret->kind ? row : entry_without_row(ret->kind);
	return NULL;
}

const struct err *procfs_list(struct proc_view *view, gva_t dir, proc_emit emit, void *context)
{
	struct procentry child;
	struct rbtree_iter it;

	TRY(procentry_iter_init(&it, view->kernel, dir));
	for (;;) {
		const struct err *e = procentry_iter_next(&it, view->kernel, &child);

		if (!e && gva_is_null(child.at))
			return NULL;
		if (!e && !emit(context, child.name, kind_of(&child)))
			return NULL;
		TRY(view_pass_over(view, e));
	}
}

/* --- where it begins ------------------------------------------------------------------------ */

const struct err *procfs_top(struct proc_view *view, const struct proc_node *dir, gva_t *ret)
{
	(void)dir;
	*ret = kernel_symbol(view->kernel, S_proc_root);
	return NULL;
}

/* get_proc_task_net() */
const struct err *procfs_net_top(struct proc_view *view, const struct proc_node *dir, gva_t *ret)
{
	const struct err *e;
	gva_t net;

	*ret = gva(0);
	e = nettext_net(view, dir, &net);
	if (e)
		return e->kind == ERR_ABSENT ? NULL : e;
	return kfield_ptr(view->kernel, net, F_net_proc_net, ret);
}
