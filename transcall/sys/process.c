/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts about one guest process. Input: text rendered from guest memory; the name in it is hostile.
 */
#include "transcall/sys/process.h"

#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"

const struct err *process_find(struct sys *s, uint32_t pid, struct proc_node *ret)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%u", pid);
	TRY(vfs_want(&s->vfs, path));
	return proc_lookup(s->guest->view, path, ret);
}

/* The text of /proc/@pid/@name, NUL-terminated; to be freed. */
static const struct err *read_file(struct sys *s, uint32_t pid, const char *name, char **ret)
{
	AUTO_FREE char *text = NULL;
	size_t len;
	char path[64];
	struct proc_node node;
	const struct err *e;
	FILE *out;

	snprintf(path, sizeof(path), "/proc/%u/%s", pid, name);
	TRY(vfs_want(&s->vfs, path));
	TRY(proc_lookup(s->guest->view, path, &node));
	out = open_memstream(&text, &len);
	if (!out)
		return ERR(ERR_SYSTEM, "no memory for a file's text");
	e = proc_render(s->guest->view, &node, out);
	fclose(out);
	if (!e)
		*ret = TAKE(text);
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
