/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts about one guest process. Input: text rendered from guest memory; the name in it is hostile.
 */
#include "transcall/sys/process.h"

#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "transcall/proc/workset.h"

#define ROUNDS_MAX 5 /* as proc/tree.c */

static const struct err *no_process(uint32_t pid)
{
	return ERR(ERR_ABSENT, "the guest has no process %u", pid);
}

const struct err *process_roll(struct sys *s)
{
	TRY(vfs_want_sets(&s->vfs, WORKSET_CENSUS));
	return roll_take(&s->roll, s->guest->view);
}

/* @pid/@name of a task that /proc does not have. */
static const struct err *find_unlisted(struct sys *s, uint32_t pid, const char *name,
				       struct proc_node *ret)
{
	gva_t task;

	TRY(process_roll(s));
	task = roll_find(&s->roll, pid);
	if (gva_is_null(task))
		return no_process(pid);
	return proc_node_of_task(s->guest->view, task, pid, name, ret);
}

/* A search goes through all numbers, and few are there: the roll tells them quickly. */
static const struct err *find_node(struct sys *s, uint32_t pid, const char *name,
				   struct proc_node *ret)
{
	const struct err *e;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u%s%s", pid, *name ? "/" : "", name);
	TRY(vfs_want(&s->vfs, path));
	if (roll_is_current(&s->roll, s->guest->view) && gva_is_null(roll_find(&s->roll, pid)))
		return no_process(pid);
	e = proc_lookup(s->guest->view, path, ret);
	return e && e->kind == ERR_ABSENT ? find_unlisted(s, pid, name, ret) : e;
}

const struct err *process_find(struct sys *s, uint32_t pid, struct proc_node *ret)
{
	return find_node(s, pid, "", ret);
}

const struct err *process_is_own(struct sys *s, const struct call *call, int32_t pid, bool *ret)
{
	uint32_t own_pid, own_tid;
	struct proc_node node;
	const struct err *e;

	*ret = pid <= 0;
	if (*ret || !vfs_pid_is_own(&s->vfs, (uint32_t)pid))
		return NULL;
	*ret = s->vfs.lifted_above || (!tracee_own_ids(&call->who, &own_pid, &own_tid) &&
				       ((uint32_t)pid == own_pid || (uint32_t)pid == own_tid));
	if (*ret)
		return NULL;
	e = process_find(s, (uint32_t)pid, &node);
	*ret = e && e->kind == ERR_ABSENT;
	return *ret ? NULL : e;
}

static const struct err *render_text(struct sys *s, const struct proc_node *node, char **ret)
{
	AUTO_FREE char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return ERR(ERR_SYSTEM, "no memory for a file's text");
	const struct err *e = proc_render(s->guest->view, node, out);
	fclose(out);
	if (!e)
		*ret = TAKE(text);
	return e;
}

/* The text of /proc/@pid/@name, NUL-terminated; to be freed. Over a new snapshot, the node of a
 * task that no path leads to is absent, and to be found anew. */
static const struct err *read_file(struct sys *s, uint32_t pid, const char *name, char **ret)
{
	const struct err *e = NULL;
	struct proc_node node;

	for (int round = 0; round < ROUNDS_MAX; round++) {
		TRY(find_node(s, pid, name, &node));
		uint64_t epoch = s->guest->view->epoch;
		e = render_text(s, &node, ret);
		if (!e || e->kind != ERR_ABSENT || s->guest->view->epoch == epoch)
			break;
	}
	return e;
}

const struct err *process_stat(struct sys *s, uint32_t pid, enum process_field field, int64_t *ret)
{
	AUTO_FREE char *text = NULL;
	const char *at;

	TRY(read_file(s, pid, "stat", &text));
	at = strrchr(text, ')'); /* the name may hold any character, the rest is numbers */
	for (int i = 2; at && i < (int)field; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		return ERR(ERR_FAULT, "process %u has no such field", pid);
	*ret = strtoll(at + 1, NULL, 10);
	return NULL;
}

const struct err *process_status(struct sys *s, uint32_t pid, const char *key, char *ret,
				 size_t size_bytes)
{
	AUTO_FREE char *text = NULL;
	char start[64];
	const char *at;

	TRY(read_file(s, pid, "status", &text));
	snprintf(start, sizeof(start), "\n%s:\t", key);
	at = strstr(text, start);
	if (!at)
		return ERR(ERR_FAULT, "process %u has no %s", pid, key);
	at += strlen(start);
	snprintf(ret, size_bytes, "%.*s", (int)strcspn(at, "\n"), at);
	return NULL;
}
