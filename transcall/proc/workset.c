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
#include "transcall/proc/netlink.h"
#include "transcall/proc/rows.h"
#include "transcall/proc/workset_node.h"

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
#define PATHS (sizeof(paths) / sizeof(paths[0]))

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

static const struct err *walk_path(struct walk *w, const char *done, const char *rest);

/* /proc/N/task/N: the first thread of a process, which is walked as the process. */
static bool is_first_thread(const char *dir, const char *name)
{
	size_t len = strlen(name), dir_len = strlen(dir);
	const char *end = dir + dir_len - strlen("/task");

	return dir_len > len + strlen("/task") && strcmp(end, "/task") == 0 &&
	       end[-(ptrdiff_t)len - 1] == '/' && strncmp(end - len, name, len) == 0;
}

static const struct err *walk_names(struct walk *w, const char *dir, const char *rest,
				    const char *names, unsigned count)
{
	char path[PATH_MAX];

	for (unsigned i = 0; i < count; i++, names += strlen(names) + 1)
		if (!is_first_thread(dir, names) &&
		    snprintf(path, sizeof(path), "%s/%s", dir, names) < (int)sizeof(path))
			TRY(walk_path(w, path, rest));
	return NULL;
}

/* The names in @dir, each with its NUL; none where it is no directory, or cannot be read. */
static const struct err *names_list(struct proc_view *view, const char *dir, struct names *names,
				    char **ret)
{
	struct proc_node node;
	size_t len_bytes;
	const struct err *e = proc_lookup(view, dir, &node);

	if (e || node.kind != NODE_DIR)
		return walk_pass_over(e);
	names->out = open_memstream(ret, &len_bytes);
	if (!names->out)
		return ERR(ERR_SYSTEM, "no memory to walk in");
	e = proc_list(view, &node, names_add, names);
	fclose(names->out);
	if (e)
		names->count = 0;
	return walk_pass_over(e);
}

/* Each child of @dir in the place of "*", then @rest. */
static const struct err *walk_children(struct walk *w, const char *dir, const char *rest)
{
	AUTO_FREE char *text = NULL;
	struct names names = {.numbers_only = *rest != 0};

	TRY(names_list(w->view, dir, &names, &text));
	return walk_names(w, dir, rest, text, names.count);
}

/*
 * @done is walked, @rest is not: "", or begins with "/". At most as deep as a path of the table,
 * and as a branch, whose names have a greatest length.
 */
static const struct err *walk_path(struct walk *w, const char *done, const char *rest)
{
	const char *star = strstr(rest, "/*");
	struct proc_node node;
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s%.*s", done, star ? (int)(star - rest) : INT_MAX,
		     rest) >= (int)sizeof(path))
		return NULL;
	if (star)
		return walk_children(w, path, star + 2);
	const struct err *e = proc_lookup(w->view, path, &node);
	TRY(e ? walk_pass_over(e) : walk_node(w, &node));
	return !e && node.kind == NODE_DIR && node.entry->branch ? walk_children(w, path, "")
								 : NULL;
}

const struct err *workset_census_walk(struct proc_view *view)
{
	CLEANUP(census_deinit) struct census census = {0};

	work_begin(&view->work);
	return walk_pass_over(census_take(&census, view->kernel, true));
}

/* --- sets --------------------------------------------------------------------------------- */

#define EACH_PROCESS "/proc/*"

static bool is_of_process(const struct workset_path *p)
{
	return strncmp(p->path, EACH_PROCESS "/", strlen(EACH_PROCESS "/")) == 0;
}

/* Are the pages of one process meant? It need not be listed. */
static bool is_of_one(const struct workset_path *p, uint64_t sets)
{
	return p->set == WORKSET_PAGES && sets >> WORKSET_NUMBER_SHIFT;
}

static const struct err *walk_one(struct walk *w, const struct workset_path *p, uint64_t number)
{
	char process[32];

	snprintf(process, sizeof(process), "/proc/%" PRIu64, number);
	return walk_path(w, process, p->path + strlen(EACH_PROCESS));
}

static const struct err *walk_process(struct walk *w, uint64_t sets, uint64_t number)
{
	for (size_t i = 0; i < PATHS; i++)
		if (paths[i].set & sets && is_of_process(&paths[i]) && !is_of_one(&paths[i], sets))
			TRY(walk_one(w, &paths[i], number));
	return NULL;
}

static bool wants_processes(uint64_t sets)
{
	for (size_t i = 0; i < PATHS; i++)
		if (paths[i].set & sets && is_of_process(&paths[i]) && !is_of_one(&paths[i], sets))
			return true;
	return false;
}

/* One process after the other: what its files are rendered from lies together. */
static const struct err *walk_processes(struct walk *w, uint64_t sets)
{
	AUTO_FREE char *text = NULL;
	struct names names = {.numbers_only = true};

	if (!wants_processes(sets))
		return NULL;
	TRY(names_list(w->view, "/proc", &names, &text));
	const char *at = text;
	for (unsigned i = 0; i < names.count; i++, at += strlen(at) + 1)
		TRY(walk_process(w, sets, strtoul(at, NULL, 10)));
	return NULL;
}

static const struct err *walk_rest(struct walk *w, uint64_t sets)
{
	for (size_t i = 0; i < PATHS; i++) {
		if (!(paths[i].set & sets))
			continue;
		if (is_of_one(&paths[i], sets))
			TRY(walk_one(w, &paths[i], sets >> WORKSET_NUMBER_SHIFT));
		else if (!is_of_process(&paths[i]))
			TRY(walk_path(w, "", paths[i].path));
	}
	return NULL;
}

static const struct err *walk_sets(struct walk *w, uint64_t sets)
{
	TRY(walk_processes(w, sets));
	TRY(walk_rest(w, sets));
	if (sets & WORKSET_CENSUS)
		TRY(workset_census_walk(w->view));
	if (sets & WORKSET_SOCKETS)
		TRY(netlink_walk(w->view, NETLINK_SOCK_DIAG));
	if (sets & WORKSET_NETWORK)
		TRY(netlink_walk(w->view, NETLINK_ROUTE));
	return sets & WORKSET_FILES ? workset_mounts_walk(w->view) : NULL;
}

const struct err *workset_walk_process(struct proc_view *view, uint64_t sets, uint32_t number)
{
	CLEANUP(walk_deinit) struct walk w = {.view = NULL};

	TRY(walk_init(&w, view));
	return walk_process(&w, sets, number);
}

const struct err *workset_walk(struct proc_view *view, uint64_t sets)
{
	CLEANUP(walk_deinit) struct walk w = {.view = NULL};

	TRY(walk_init(&w, view));
	return walk_sets(&w, sets);
}
