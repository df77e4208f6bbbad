/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Find where a path of the tool leads: the host's, the guest's (through the guest's own symbolic
 * links), the tool's own /proc/self, or nowhere. Input: the tool's paths; link texts of the guest
 * (hostile): bounded, and never leading to a file of this machine.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "transcall/vfs/path.h"
#include "transcall/vfs/vfs.h"

#define LINKS_MAX 40 /* MAXSYMLINKS, include/linux/namei.h */

struct walk {
	struct vfs *v;
	const struct tracee *who; /* NULL: nobody; /proc/self is then the reader's */
	unsigned links;
	bool follow;
	bool inside_own; /* the path starts in a directory below OWN_PROCFS */
};

static const struct err *walk(struct walk *w, struct place *p);

static const struct err *nothing_there(const char *path)
{
	return ERR(ERR_ABSENT, "nothing at %.300s", path);
}

/* Go on at @prefix + @rest instead of p->path. */
static const struct err *redirect(struct walk *w, struct place *p, const char *prefix,
				  const char *rest, bool native)
{
	char path[PATH_MAX];

	if (++w->links > LINKS_MAX ||
	    snprintf(path, sizeof(path), "%s%s", prefix, rest) >= PATH_MAX ||
	    !path_join(NULL, path, p->path))
		return nothing_there(p->path);
	p->native &= native;
	return walk(w, p);
}

/* The link at the first @at_len bytes of p->path, for the tool's kernel to follow: no listing need
 * have shown it yet. /proc is always listed. */
static const struct err *link_make(struct walk *w, const struct place *p, size_t at_len,
				   const char *text)
{
	struct path_state *state;
	char path[PATH_MAX];
	const char *rest;

	snprintf(path, sizeof(path), "%.*s", (int)at_len, p->path);
	if (!w->who || !path_under(path, "/sys", &rest))
		return NULL;
	return shadow_make(&w->v->shadow, path, NODE_SYMLINK, text, &state);
}

/* Go on at @text (a link's, found at the first @at_len bytes of p->path) + @rest. */
static const struct err *follow_link(struct walk *w, struct place *p, size_t at_len,
				     const char *text, const char *rest)
{
	char prefix[PATH_MAX];
	/* The shadow's symbolic links lead where ours do; its magic ones lead nowhere. */
	bool native = p->native && p->node.kind == NODE_SYMLINK;

	if (native)
		TRY(link_make(w, p, at_len, text));
	if (text[0] == '/') {
		prefix[0] = '\0';
	} else {
		snprintf(prefix, sizeof(prefix), "%.*s", (int)at_len, p->path);
		path_pop(prefix);
	}
	if (strlen(prefix) + 1 + strlen(text) >= sizeof(prefix))
		return nothing_there(p->path);
	strcat(prefix, "/");
	strcat(prefix, text);
	p->linked = true;
	TRY(redirect(w, p, prefix, rest, true));
	p->native = native;
	return NULL;
}

/* --- the tool's own processes -------------------------------------------------------------- */

/* /proc/PID@rest of a process of the tool. */
static const struct err *own(struct walk *w, struct place *p, uint32_t pid, const char *rest,
			     bool native)
{
	char reader[32], below[PATH_MAX];
	const char *name = rest;
	const char *after;

	if (strncmp(name, "/task/", 6) == 0 && path_number(name + 6, &after))
		name = after;
	if (name[0] == '/' && paths_self_is_guest(name + 1)) {
		snprintf(reader, sizeof(reader), "/proc/%u", w->v->guest->reader_pid);
		snprintf(below, sizeof(below), "%s", name);
		return redirect(w, p, reader, below, false);
	}
	snprintf(below, sizeof(below), "%s", rest);
	if (snprintf(p->path, PATH_MAX, "/%u%s", pid, below) >= PATH_MAX)
		return nothing_there(rest);
	p->side = SIDE_OWN;
	p->native &= native;
	return NULL;
}

/* /proc/self or /proc/thread-self (@thread), then @rest. */
static const struct err *self(struct walk *w, struct place *p, bool thread, const char *rest)
{
	uint32_t pid = w->v->guest->reader_pid, tid = pid;
	char below[PATH_MAX];

	if (w->who && tracee_own_ids(w->who, &pid, &tid))
		return nothing_there(p->path);
	if (thread)
		snprintf(p->link, sizeof(p->link), "%u/task/%u", pid, tid);
	else
		snprintf(p->link, sizeof(p->link), "%u", pid);
	if (*rest == '\0' && !w->follow) {
		p->side = SIDE_OWN;
		p->text = p->link;
		return NULL;
	}
	if (thread)
		snprintf(below, sizeof(below), "/task/%u%.4000s", tid, rest);
	else
		snprintf(below, sizeof(below), "%s", rest);
	return own(w, p, pid, below, true);
}

/* --- the tree ------------------------------------------------------------------------------ */

static const struct err *read_link(struct walk *w, struct place *p, char *text)
{
	return proc_readlink(w->v->guest->view, &p->node, text, PATH_MAX);
}

/* Is there a link on the way? Look at the prefixes of p->path from the left. */
static const struct err *walk_prefixes(struct walk *w, struct place *p)
{
	char prefix[PATH_MAX], text[PATH_MAX], rest[PATH_MAX];
	const char *at = p->path, *below;

	if (path_under(at, "/proc", &below) && *below && path_number(below + 1, &below))
		at = below; /* a process is a directory */
	while ((at = strchr(at + 1, '/'))) {
		snprintf(prefix, sizeof(prefix), "%.*s", (int)(at - p->path), p->path);
		TRY(proc_lookup(w->v->guest->view, prefix, &p->node));
		if (p->node.kind != NODE_SYMLINK && p->node.kind != NODE_MAGIC)
			continue;
		TRY(read_link(w, p, text));
		if (p->node.kind == NODE_MAGIC && text[0] != '/')
			break;
		snprintf(rest, sizeof(rest), "%s", at);
		return follow_link(w, p, strlen(prefix), text, rest);
	}
	return nothing_there(p->path);
}

static const struct err *guest(struct walk *w, struct place *p)
{
	char text[PATH_MAX];
	const struct err *e;

	if (w->who) /* else only the text of a listed link is asked for */
		TRY(vfs_want(w->v, p->path));
	p->side = SIDE_GUEST;
	e = proc_lookup(w->v->guest->view, p->path, &p->node);
	if (e && e->kind == ERR_ABSENT && e->errnum != EACCES)
		return walk_prefixes(w, p);
	if (e)
		return e;
	if (p->node.kind != NODE_SYMLINK || !w->follow)
		return NULL;
	TRY(read_link(w, p, text));
	return follow_link(w, p, strlen(p->path), text, "");
}

static bool is_caller(const struct walk *w, uint32_t pid)
{
	uint32_t own_pid, own_tid;

	return w->who && !tracee_own_ids(w->who, &own_pid, &own_tid) &&
	       (pid == own_pid || pid == own_tid);
}

/*
 * Below /proc: the tool's own processes first. Where numbers mix, they mean the guest's: of the
 * tool then only the caller itself is there by its number.
 */
static const struct err *guest_proc(struct walk *w, struct place *p, const char *rest)
{
	const char *below;
	uint32_t pid;

	if (path_under(rest, "/self", &below))
		return self(w, p, false, below);
	if (path_under(rest, "/thread-self", &below))
		return self(w, p, true, below);
	pid = *rest ? path_number(rest + 1, &below) : 0;
	if (pid && vfs_pid_is_own(w->v, pid)) {
		bool mixed = !w->v->lifted_above && !w->inside_own;
		const struct err *e = mixed ? guest(w, p) : nothing_there(rest);

		if (e && e->kind == ERR_ABSENT && (!mixed || is_caller(w, pid)))
			return own(w, p, pid, below, w->inside_own);
		return e;
	}
	p->native &= strncmp(p->path, "/proc", 5) == 0;
	return guest(w, p);
}

/* One step: p->path is tidy and without "..". */
static const struct err *walk_side(struct walk *w, struct place *p)
{
	const struct path_rule *rule = paths_rule(p->path);
	const char *rest;

	p->side = rule->side;
	p->text = rule->text;
	if (p->linked && rule->side != SIDE_GUEST && rule->side != SIDE_ALIAS)
		return nothing_there(p->path);
	if (w->v->own_terminal[0] && !p->linked && strcmp(p->path, w->v->own_terminal) == 0)
		p->side = SIDE_HOST;
	if (p->side == SIDE_REFUSED || p->side == SIDE_INSIDE)
		return nothing_there(p->path);
	if (p->side == SIDE_ALIAS) {
		char tail[PATH_MAX];

		snprintf(tail, sizeof(tail), "%s", p->path + strlen(rule->path));
		return redirect(w, p, rule->text, tail, strncmp(p->path, "/dev/", 5) == 0);
	}
	if (p->side != SIDE_GUEST)
		return NULL;
	if (path_under(p->path, "/proc", &rest))
		return guest_proc(w, p, rest);
	p->native &= path_under(p->path, "/sys", &rest);
	return guest(w, p);
}

/* Take ".." out: it leaves what the path before it leads to. */
static const struct err *take_parents(struct walk *w, struct place *p)
{
	char given[PATH_MAX];
	const char *at = given;
	bool follow = w->follow;

	snprintf(given, sizeof(given), "%s", p->path);
	strcpy(p->path, "/");
	while (*at == '/') {
		size_t len = strcspn(++at, "/");

		if (len == 2 && at[0] == '.' && at[1] == '.') {
			w->follow = true;
			TRY(walk(w, p));
			w->follow = follow;
			if (p->side == SIDE_GUEST && p->node.kind == NODE_MAGIC)
				return nothing_there(given);
			if (p->side == SIDE_OWN) { /* natively this is below OWN_PROCFS */
				char below[PATH_MAX];

				snprintf(below, sizeof(below), "/proc%.4000s", p->path);
				strcpy(p->path, below);
				p->native = false;
			}
			path_pop(p->path);
		} else if (!path_push(p->path, at, len)) {
			return nothing_there(given);
		}
		at += len;
	}
	return NULL;
}

static const struct err *walk(struct walk *w, struct place *p)
{
	if (path_has_parent(p->path))
		TRY(take_parents(w, p));
	return walk_side(w, p);
}

const struct err *vfs_resolve(struct vfs *v, const struct tracee *who, const char *base,
			      const char *path, bool follow, struct place *ret)
{
	struct walk w = {.v = v, .who = who, .follow = follow};
	char own_base[PATH_MAX];
	const char *rest;

	ret->side = SIDE_HOST;
	ret->native = true;
	ret->linked = false;
	ret->text = NULL;
	if (base && path_under(base, OWN_PROCFS, &rest)) {
		snprintf(own_base, sizeof(own_base), "/proc%.4000s", rest);
		base = own_base;
		w.inside_own = path[0] != '/';
	}
	if (!path_join(base, path, ret->path))
		return nothing_there(path);
	return walk(&w, ret);
}
