/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking the paths of working sets. Input: attacker-controlled guest memory. */
#include "transcall/proc/workset.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "transcall/kobj/census.h"
#include "transcall/proc/mapped.h"
#include "transcall/proc/netlink.h"
#include "transcall/proc/rows.h"
#include "transcall/proc/system.h"

#define CHILDREN_MAX (1u << 22) /* PID_MAX_LIMIT, include/linux/threads.h */

struct workset_path {
	uint64_t set;
	const char *path;
};

#define WALK(set_, path_) {WORKSET_##set_, path_},
static const struct workset_path paths[] = {
#include "transcall/proc/workset.def"
};
#undef WALK

/* FAULT, ABSENT and RACE end only the object that they met. */
static const struct err *pass_over(const struct err *e)
{
	bool of_object = !e || e->kind == ERR_FAULT || e->kind == ERR_ABSENT || e->kind == ERR_RACE;

	return of_object ? NULL : e;
}

/* --- one node ----------------------------------------------------------------------------- */

struct named_walk {
	struct proc_view *view;
	const struct err *e;
};

/* Who reads maps next examines the files it names. */
static bool named_drop(void *context, const char *path)
{
	struct named_walk *w = context;
	struct stat st;

	w->e = pass_over(proc_path_stat(w->view, path, true, &st));
	return !w->e;
}

static const struct err *content_drop(struct proc_view *view, const struct proc_node *node)
{
	AUTO_FREE char *text = NULL;
	size_t len_bytes;
	FILE *out = open_memstream(&text, &len_bytes);

	if (!out)
		return ERR(ERR_SYSTEM, "no memory to walk in");
	const struct err *e = proc_render(view, node, out);
	fclose(out);
	if (e || strcmp(node->name, "maps") != 0)
		return e;
	struct named_walk walk = {.view = view};
	mapped_each(text, len_bytes, named_drop, &walk);
	return walk.e;
}

static const struct err *target_drop(struct proc_view *view, const struct proc_node *node)
{
	char text[PATH_MAX];
	struct stat st;

	TRY(pass_over(proc_readlink(view, node, text, sizeof(text))));
	return node->kind == NODE_MAGIC ? proc_stat_target(view, node, &st) : NULL;
}

static const struct err *node_drop(struct proc_view *view, const struct proc_node *node)
{
	struct stat st;

	TRY(pass_over(proc_attr(view, node, &st)));
	switch (node->kind) {
	case NODE_DIR:
		return NULL;
	case NODE_FILE:
		return pass_over(content_drop(view, node));
	case NODE_SYMLINK:
	case NODE_MAGIC:
		return pass_over(target_drop(view, node));
	}
	return NULL;
}

/* --- paths -------------------------------------------------------------------------------- */

/* The names of a directory, collected before they are used: a listing lends them. */
struct names {
	bool numbers_only;
	FILE *out;
	unsigned count;
};

static bool names_add(void *context, const char *name, enum node_kind kind)
{
	struct names *n = context;

	(void)kind;
	if (n->numbers_only && !isdigit((unsigned char)*name))
		return true;
	fwrite(name, 1, strlen(name) + 1, n->out);
	return ++n->count < CHILDREN_MAX;
}

static const struct err *walk_path(struct proc_view *view, const char *done, const char *rest);

/* /proc/N/task/N: the first thread of a process, which is walked as the process. */
static bool is_first_thread(const char *dir, const char *name)
{
	size_t len = strlen(name), dir_len = strlen(dir);
	const char *end = dir + dir_len - strlen("/task");

	return dir_len > len + strlen("/task") && strcmp(end, "/task") == 0 &&
	       end[-(ptrdiff_t)len - 1] == '/' && strncmp(end - len, name, len) == 0;
}

static const struct err *walk_names(struct proc_view *view, const char *dir, const char *rest,
				    const char *names, unsigned count)
{
	char path[PATH_MAX];

	for (unsigned i = 0; i < count; i++, names += strlen(names) + 1)
		if (!is_first_thread(dir, names) &&
		    snprintf(path, sizeof(path), "%s/%s", dir, names) < (int)sizeof(path))
			TRY(walk_path(view, path, rest));
	return NULL;
}

/* Each child of @dir in the place of "*", then @rest. */
static const struct err *walk_children(struct proc_view *view, const char *dir, const char *rest)
{
	AUTO_FREE char *text = NULL;
	size_t len_bytes;
	struct proc_node node;
	struct names names = {.numbers_only = *rest != 0};
	const struct err *e = proc_lookup(view, dir, &node);

	if (e || node.kind != NODE_DIR)
		return pass_over(e);
	names.out = open_memstream(&text, &len_bytes);
	if (!names.out)
		return ERR(ERR_SYSTEM, "no memory to walk in");
	e = proc_list(view, &node, names_add, &names);
	fclose(names.out);
	TRY(pass_over(e));
	return e ? NULL : walk_names(view, dir, rest, text, names.count);
}

/*
 * @done is walked, @rest is not: "", or begins with "/". At most as deep as a path of the table,
 * and as a branch, whose names have a greatest length.
 */
static const struct err *walk_path(struct proc_view *view, const char *done, const char *rest)
{
	const char *star = strstr(rest, "/*");
	struct proc_node node;
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s%.*s", done, star ? (int)(star - rest) : INT_MAX,
		     rest) >= (int)sizeof(path))
		return NULL;
	if (star)
		return walk_children(view, path, star + 2);
	const struct err *e = proc_lookup(view, path, &node);
	TRY(e ? pass_over(e) : node_drop(view, &node));
	return !e && node.kind == NODE_DIR && node.entry->branch ? walk_children(view, path, "")
								 : NULL;
}

static const struct err *walk_census(struct proc_view *view)
{
	CLEANUP(census_deinit) struct census census = {0};

	work_begin(&view->work);
	return pass_over(census_take(&census, view->kernel, true));
}

/* Of pages, /proc/NUMBER/... of one process, where one is meant. */
static const struct err *walk_set(struct proc_view *view, const struct workset_path *p,
				  uint64_t sets)
{
	char process[PATH_MAX];
	const char *rest = strstr(p->path, "/*");

	if (p->set != WORKSET_PAGES || !(sets >> WORKSET_NUMBER_SHIFT))
		return walk_path(view, "", p->path);
	snprintf(process, sizeof(process), "/proc/%" PRIu64, sets >> WORKSET_NUMBER_SHIFT);
	return walk_path(view, process, rest + 2);
}

const struct err *workset_walk(struct proc_view *view, uint64_t sets)
{
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (paths[i].set & sets)
			TRY(walk_set(view, &paths[i], sets));
	if (sets & WORKSET_CENSUS)
		TRY(walk_census(view));
	if (sets & WORKSET_SOCKETS)
		TRY(netlink_walk(view, NETLINK_SOCK_DIAG));
	if (sets & WORKSET_NETWORK)
		TRY(netlink_walk(view, NETLINK_ROUTE));
	return sets & WORKSET_FILES ? workset_mounts_walk(view) : NULL;
}
