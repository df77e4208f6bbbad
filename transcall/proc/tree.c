/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rebuilt tree: running the functions of the nodes' rows with a bounded number of new
 * snapshots. Input: paths from the tool; guest memory is attacker-controlled.
 */
#include "transcall/proc/tree.h"

#include <errno.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "transcall/proc/node.h"
#include "transcall/proc/owner.h"
#include "transcall/proc/pid_fd_socket.h"
#include "transcall/proc/rows.h"
#include "transcall/proc/view.h"

/* Tries for one answer: the session replaces its snapshot up to 3 times, then reads the running VM,
 * which may change under an iterator once more. */
#define ROUNDS_MAX 5

/* --- retries ------------------------------------------------------------------------------ */

/* One answer: what to run, and on what. */
struct request {
	const struct err *(*run)(struct proc_view *view, const struct proc_node *node,
				 struct request *r);
	bool is_list; /* what could be read before an error is an answer, too */
	bool has_run; /* the last attempt got as far as that */
	FILE *out;
	char *text;
	size_t size_bytes;
	struct stat *stat;
	struct settings *settings;
};

static const struct err *no_memory(const struct proc_node *node)
{
	return ERR_ERRNO(ERR_SYSTEM, errno, "memory for %.64s", node->name);
}

static const struct err *run_once(struct proc_view *view, const struct proc_node *node,
				  struct request *r)
{
	const struct err *e = r->run(view, node, r);

	r->has_run = true;
	return !e && r->out && ferror(r->out) ? no_memory(node) : e;
}

/* Over a new snapshot the node is looked for anew: its objects may have moved. What was written
 * from @start on is taken back. */
static const struct err *run_anew(struct proc_view *view, const struct proc_node *node,
				  struct request *r, long start)
{
	struct proc_node at;

	r->has_run = false;
	if (r->out && (start < 0 || fseek(r->out, start, SEEK_SET) != 0))
		return no_memory(node);
	TRY(view->refresh(view));
	TRY(node_find(view, node->path, &at));
	return run_once(view, &at, r);
}

static void count_lost(struct proc_view *view, const struct err *e)
{
	if (e && e->kind == ERR_RACE)
		view->races++;
	if (e && e->kind == ERR_FAULT)
		view->unreadable++;
}

/* A list that breaks off is an answer, counted already; not one of which the rest is newer. */
static bool is_answer(const struct proc_view *view, const struct request *r, const struct err *e)
{
	if (!e || !r->has_run || !r->is_list || view_is_stale(view))
		return !e;
	return e->kind == ERR_RACE || e->kind == ERR_FAULT;
}

/* Run @r; where a new snapshot was taken meanwhile again, ROUNDS_MAX times in all. */
static const struct err *request_run(struct proc_view *view, const struct proc_node *node,
				     struct request *r)
{
	const struct proc_view before = *view;
	long start = r->out ? ftell(r->out) : 0;

	work_begin(&view->work);
	const struct err *e = run_once(view, node, r);
	for (int round = 1; proc_view_retries(view, e) && round < ROUNDS_MAX; round++) {
		view->unreadable = before.unreadable;
		view->absent = before.absent;
		view->races = before.races;
		e = run_anew(view, node, r, start);
	}
	count_lost(view, e);
	return is_answer(view, r, e) ? NULL : e;
}

/* --- the interface ------------------------------------------------------------------------ */

const struct err *proc_lookup(struct proc_view *view, const char *path, struct proc_node *ret)
{
	work_begin(&view->work);
	const struct err *e = node_find(view, path, ret);
	for (int round = 1; proc_view_retries(view, e) && round < ROUNDS_MAX; round++) {
		TRY(view->refresh(view));
		e = node_find(view, path, ret);
	}
	count_lost(view, e);
	return e;
}

static bool names_emit(void *context, const char *name, enum node_kind kind)
{
	FILE *out = context;

	fputc((int)kind, out);
	fwrite(name, 1, strlen(name) + 1, out);
	return !ferror(out);
}

static const struct err *run_list(struct proc_view *view, const struct proc_node *dir,
				  struct request *r)
{
	TRY(proc_owner_permit(view, dir, S_IROTH));
	return node_list(view, dir, names_emit, r->out);
}

/* Can a directory hold it? The guest's text may lead elsewhere, or not be found again. */
static bool name_is_sound(const char *name)
{
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !strchr(name, '/') &&
	       strlen(name) < sizeof(((struct proc_node *)NULL)->name);
}

/* Names are gathered first, so that a retry emits nothing twice. */
const struct err *proc_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
			    void *context)
{
	AUTO_FREE char *names = NULL;
	size_t len_bytes = 0;

	if (dir->kind != NODE_DIR)
		return ERR(ERR_ABSENT, "%.64s is no directory", dir->name);
	FILE *out = open_memstream(&names, &len_bytes);
	if (!out)
		return ERR_ERRNO(ERR_SYSTEM, errno, "memory for a listing");
	struct request r = {.run = run_list, .is_list = true, .out = out};
	const struct err *e = request_run(view, dir, &r);
	if (fclose(out) && !e)
		e = ERR_ERRNO(ERR_SYSTEM, errno, "memory for a listing");
	for (size_t at = 0; !e && at < len_bytes; at += strlen(names + at + 1) + 2) {
		if (!name_is_sound(names + at + 1))
			view->unreadable++;
		else if (!emit(context, names + at + 1, (enum node_kind)names[at]))
			break;
	}
	return e;
}

static const struct err *run_attr(struct proc_view *view, const struct proc_node *node,
				  struct request *r)
{
	TRY(proc_owner_attr(view, node, r->stat));
	return node->entry->attr ? node->entry->attr(view, node, r->stat) : NULL;
}

const struct err *proc_attr(struct proc_view *view, const struct proc_node *node, struct stat *ret)
{
	struct request r = {.run = run_attr, .stat = ret};

	return request_run(view, node, &r);
}

static const struct err *run_render(struct proc_view *view, const struct proc_node *node,
				    struct request *r)
{
	if (node->entry->unavailable || !node->entry->render)
		return ERR(ERR_ABSENT, "%.64s is not available: %s", node->name,
			   node->entry->unavailable ? node->entry->unavailable : "no file");
	TRY(proc_owner_permit(view, node, S_IROTH));
	return node->entry->render(view, node, r->out);
}

const struct err *proc_render(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct request r = {.run = run_render, .is_list = node->entry->lines, .out = out};

	return request_run(view, node, &r);
}

/* proc_fd_access_allowed(), proc_ns_readlink() and their like: what a link of a process leads to.
 */
static const struct err *may_follow(const struct proc_view *view, const struct proc_node *node)
{
	if (node->kind != NODE_MAGIC || !proc_row_of_task(node->entry))
		return NULL;
	return view_require_access(view, node->task, EACCES);
}

static const struct err *run_readlink(struct proc_view *view, const struct proc_node *node,
				      struct request *r)
{
	if (!node->entry->readlink)
		return ERR(ERR_ABSENT, "%.64s is no link", node->name);
	TRY(may_follow(view, node));
	return node->entry->readlink(view, node, r->text, r->size_bytes);
}

const struct err *proc_readlink(struct proc_view *view, const struct proc_node *node, char *ret,
				size_t size_bytes)
{
	struct request r = {.run = run_readlink, .text = ret, .size_bytes = size_bytes};

	return request_run(view, node, &r);
}

static const struct err *run_stat_target(struct proc_view *view, const struct proc_node *node,
					 struct request *r)
{
	if (!node->entry->stat_target)
		return ERR(ERR_ABSENT, "%.64s is no magic link", node->name);
	TRY(may_follow(view, node));
	memset(r->stat, 0, sizeof(*r->stat));
	return node->entry->stat_target(view, node, r->stat);
}

const struct err *proc_stat_target(struct proc_view *view, const struct proc_node *node,
				   struct stat *ret)
{
	struct request r = {.run = run_stat_target, .stat = ret};

	return request_run(view, node, &r);
}

static const struct err *run_socket_protocol(struct proc_view *view, const struct proc_node *node,
					     struct request *r)
{
	TRY(may_follow(view, node));
	return pid_fd_socket_protocol(view, node, r->text, r->size_bytes);
}

const struct err *proc_socket_protocol(struct proc_view *view, const struct proc_node *node,
				       char *ret, size_t size_bytes)
{
	struct request r = {.run = run_socket_protocol, .text = ret, .size_bytes = size_bytes};

	return request_run(view, node, &r);
}

static const struct err *run_settings(struct proc_view *view, const struct proc_node *node,
				      struct request *r)
{
	return settings_read(view->kernel, node->task, r->settings);
}

const struct err *proc_settings(struct proc_view *view, const struct proc_node *node,
				struct settings *ret)
{
	struct request r = {.run = run_settings, .settings = ret};

	return request_run(view, node, &r);
}
