/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding nodes by path, and their children. Input: paths from the tool; guest memory is
 * attacker-controlled. */
#include "transcall/proc/node.h"

#include <string.h>

#include "transcall/proc/owner.h"
#include "transcall/proc/procfs.h"
#include "transcall/proc/rows.h"

static bool row_present(const struct proc_view *view, const struct proc_entry *row)
{
	return !row->present || row->present(view);
}

/* The row for component @name of @dir: a literal one, else the directory's pattern. */
static const struct proc_entry *row_of_child(const struct proc_view *view,
					     const struct proc_entry *dir, const char *name)
{
	const struct proc_entry *row = proc_rows_named(dir, name);

	if (row)
		return row_present(view, row) ? row : NULL;
	return proc_rows_pattern(dir);
}

static const struct err *has_children(struct proc_view *view, const struct proc_node *dir,
				      bool *ret)
{
	*ret = dir->kind == NODE_DIR;
	return *ret && dir->entry->has_children ? dir->entry->has_children(view, dir, ret) : NULL;
}

/* "@dir/@name"; false: it has no room */
static bool path_join(char *ret, size_t size_bytes, const char *dir, const char *name)
{
	size_t dir_len = strlen(dir), len = strlen(name);

	if (dir_len + 1 + len >= size_bytes)
		return false;
	memcpy(ret, dir, dir_len);
	ret[dir_len] = '/';
	memcpy(ret + dir_len + 1, name, len + 1);
	return true;
}

/* Below a branch names add up. Return: is there room? */
static bool name_add(struct proc_node *child, const struct proc_node *node, const char *name)
{
	if (!path_join(child->path, sizeof(child->path), node->path, name))
		return false;
	if (node->entry->branch)
		return path_join(child->name, sizeof(child->name), node->name, name);
	if (strlen(name) >= sizeof(child->name))
		return false;
	strcpy(child->name, name);
	return true;
}

/* The child that @row stands for, by the directory's own find() where the row is a pattern. */
static const struct err *step_by_row(struct proc_view *view, const struct proc_node *node,
				     const struct proc_entry *row, struct proc_node *child)
{
	if (!row || (proc_row_is_pattern(row) && !node->entry->find))
		return ERR(ERR_ABSENT, "the guest has no %.64s there", child->name);
	child->entry = row;
	child->kind = row->kind;
	child->mode = 0;
	child->registered = gva(0);
	return proc_row_is_pattern(row) ? node->entry->find(view, node, child) : NULL;
}

/* The struct proc_dir_entry that @dir is; null: none. */
static const struct err *registered_as(struct proc_view *view, const struct proc_node *dir,
				       gva_t *ret)
{
	*ret = dir->registered;
	return dir->entry->top ? dir->entry->top(view, dir, ret) : NULL;
}

/* proc_root_lookup(): what find() knows comes first. */
static const struct err *step_registered(struct proc_view *view, const struct proc_node *node,
					 gva_t registered, const struct proc_entry *row,
					 struct proc_node *child)
{
	const struct err *e;

	if (row && proc_row_is_pattern(row) && node->entry->find) {
		e = step_by_row(view, node, row, child);
		if (!e || e->kind != ERR_ABSENT)
			return e;
		row = NULL;
	}
	return procfs_step(view, registered, row, child);
}

/* Step from @node to its child @name. */
static const struct err *node_step(struct proc_view *view, struct proc_node *node, const char *name)
{
	const struct proc_entry *row = NULL;
	struct proc_node child = *node;
	gva_t registered;
	bool has;

	TRY(has_children(view, node, &has));
	if (has)
		TRY(proc_owner_permit(view, node, S_IXOTH));
	if (!has || !name_add(&child, node, name))
		return ERR(ERR_ABSENT, "the guest has no %.64s there", name);
	row = node->entry->branch ? node->entry : row_of_child(view, node->entry, name);
	TRY(registered_as(view, node, &registered));
	if (gva_is_null(registered))
		TRY(step_by_row(view, node, row, &child));
	else
		TRY(step_registered(view, node, registered, row, &child));
	*node = child;
	return NULL;
}

const struct err *node_find(struct proc_view *view, const char *path, struct proc_node *ret)
{
	struct proc_node node = {.entry = proc_rows_root(), .kind = NODE_DIR, .name = "/"};
	char name[sizeof(node.name)];

	while (*path == '/')
		path++;
	while (*path) {
		size_t len = strcspn(path, "/");

		if (len >= sizeof(name))
			return ERR(ERR_ABSENT, "the guest has no %.64s there", path);
		memcpy(name, path, len);
		name[len] = 0;
		TRY(node_step(view, &node, name));
		path += len + (path[len] == '/');
	}
	*ret = node;
	return NULL;
}

const struct err *proc_node_of_task(struct proc_view *view, gva_t task, uint32_t number,
				    const char *name, struct proc_node *ret)
{
	struct proc_node node;

	TRY(node_find(view, "/proc", &node));
	snprintf(node.name, sizeof(node.name), "%u", number);
	snprintf(node.path, sizeof(node.path), "/proc/%u", number);
	node.entry = row_of_child(view, node.entry, node.name);
	node.kind = node.entry->kind;
	node.task = task;
	node.registered = gva(0);
	node.tgid = number;
	if (*name)
		TRY(node_step(view, &node, name));
	*ret = node;
	return NULL;
}

static void list_rows(const struct proc_view *view, const struct proc_node *dir, proc_emit emit,
		      void *context)
{
	const struct proc_entry *row;

	for (unsigned i = 0; (row = proc_rows_child(dir->entry, i)); i++)
		if (!proc_row_is_pattern(row) && row_present(view, row) &&
		    !emit(context, proc_row_name(row), row->kind))
			return;
}

const struct err *node_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
			    void *context)
{
	gva_t registered;
	bool has;

	TRY(has_children(view, dir, &has));
	TRY(registered_as(view, dir, &registered));
	if (has && !gva_is_null(registered))
		TRY(procfs_list(view, registered, emit, context));
	else if (has)
		list_rows(view, dir, emit, context);
	return dir->entry->list ? dir->entry->list(view, dir, emit, context) : NULL;
}
