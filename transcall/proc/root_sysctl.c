/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/sys, from the guest's own tables. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <string.h>

#include "transcall/kobj/kallsyms.h"
#include "transcall/proc/sysctl_show.h"
#include "transcall/proc/view.h"

static const struct {
	const char *name;
	sysctl_show_fn *show;
	enum symbol_id at; /* what it shows, where the table does not say */
} handlers[] = {
#define HANDLER(name, show)            {name, show, SYMBOL_COUNT},
#define HANDLER_AT(name, show, symbol) {name, show, S_##symbol},
#include "transcall/proc/sysctl.def"
#undef HANDLER
#undef HANDLER_AT
};

const char *sysctl_name(const struct proc_node *node)
{
	const char *slash = strrchr(node->name, '/');

	return slash ? slash + 1 : node->name;
}

/* The path of @node below /proc/sys. */
static const char *path_of(const struct proc_node *node)
{
	return strcmp(node->entry->path, "/proc/sys") == 0 ? "" : node->name;
}

static const struct err *entry_of(struct proc_view *view, const struct proc_node *node,
				  struct sysctl_entry *ret)
{
	struct sysctl_trees trees;

	TRY(sysctl_trees_of_task(view->kernel, view->reader, &trees));
	return sysctl_find(view->kernel, &trees, path_of(node), ret);
}

const struct err *sysctl_node_find(struct proc_view *view, const struct proc_node *dir,
				   struct proc_node *ret)
{
	struct sysctl_entry entry;

	(void)dir;
	TRY(entry_of(view, ret, &entry));
	ret->kind = gva_is_null(entry.dir) ? NODE_FILE : NODE_DIR;
	ret->mode = entry.mode & 07777;
	return NULL;
}

/* A link whose namespace does not have its target is not shown. */
static const struct err *child_kind(struct proc_view *view, const struct sysctl_trees *trees,
				    const char *dir, const char *name, enum node_kind *ret)
{
	char path[SYSCTL_PATH_BYTES];
	struct sysctl_entry entry;

	if (snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", name) >= (int)sizeof(path))
		return ERR(ERR_ABSENT, "a path of /proc/sys is too long");
	TRY(sysctl_find(view->kernel, trees, path, &entry));
	*ret = gva_is_null(entry.dir) ? NODE_FILE : NODE_DIR;
	return NULL;
}

const struct err *sysctl_node_list(struct proc_view *view, const struct proc_node *dir,
				   proc_emit emit, void *context)
{
	char name[SYSCTL_NAME_BYTES];
	struct sysctl_trees trees;
	struct sysctl_entry entry;
	struct rbtree_iter it;
	enum node_kind kind;

	TRY(sysctl_trees_of_task(view->kernel, view->reader, &trees));
	TRY(sysctl_find(view->kernel, &trees, path_of(dir), &entry));
	TRY(sysctl_iter_init(&it, view->kernel, entry.dir));
	for (;;) {
		const struct err *e = sysctl_iter_next(&it, view->kernel, name);

		if (!e && !*name)
			return NULL;
		if (!e) {
			e = child_kind(view, &trees, path_of(dir), name, &kind);
			if (e && e->kind == ERR_ABSENT)
				continue;
		}
		if (!e && !emit(context, name, kind))
			return NULL;
		TRY(view_pass_over(view, e));
	}
}

/*
 * Until 5.19 there was one table for all IPC namespaces; its functions looked for the same member
 * in the reader's.
 */
static const struct err *relocate_ipc(struct proc_view *view, const char *handler,
				      struct sysctl_entry *entry)
{
	gva_t nsproxy, ipc;

	if (!entry->of_all ||
	    (strncmp(handler, "proc_ipc_", 9) != 0 && strncmp(handler, "proc_mq_", 8) != 0))
		return NULL;
	TRY(kfield_ptr(view->kernel, view->reader, F_task_struct_nsproxy, &nsproxy));
	TRY(kfield_ptr(view->kernel, nsproxy, F_nsproxy_ipc, &ipc));
	entry->data.v += ipc.v - kernel_symbol(view->kernel, S_init_ipc_ns).v;
	return NULL;
}

const struct err *sysctl_value(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char name[KALLSYMS_NAME_BYTES];
	struct sysctl_entry entry;

	TRY(entry_of(view, node, &entry));
	TRY(kallsyms_name(view->kernel, entry.handler, name, sizeof(name)));
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		if (strcmp(handlers[i].name, name) != 0)
			continue;
		if (handlers[i].at != SYMBOL_COUNT)
			entry.data = kernel_symbol(view->kernel, handlers[i].at);
		if (handlers[i].at != SYMBOL_COUNT && gva_is_null(entry.data))
			break;
		TRY(relocate_ipc(view, name, &entry));
		return handlers[i].show(view, node, &entry, out);
	}
	return ERR(ERR_ABSENT, "%.64s is not available: what %.64s() shows is not rebuilt",
		   node->name, name);
}
