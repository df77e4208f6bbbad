/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount points in a working set: who reads /proc/mounts next examines each of them. Input: the text
 * rendered from guest memory; attacker-controlled.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "transcall/proc/system.h"
#include "transcall/proc/workset.h"

#define MOUNTS_MAX 4096u

/* Undo seq_escape(): \ooo is one character. @text is as long as it was, or shorter. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; to++) {
		if (at[0] == '\\' && strspn(at + 1, "01234567") >= 3) {
			char digits[4] = {at[1], at[2], at[3], '\0'};

			*to = (char)strtoul(digits, NULL, 8);
			at += 4;
		} else {
			*to = *at++;
		}
	}
	*to = '\0';
}

static const struct err *render_mounts(struct proc_view *view, char **ret)
{
	struct proc_node node;
	size_t len_bytes;
	FILE *out = open_memstream(ret, &len_bytes);
	const struct err *e;

	if (!out)
		return ERR(ERR_SYSTEM, "no memory to walk in");
	e = proc_lookup(view, "/proc/1/mounts", &node);
	if (!e)
		e = proc_render(view, &node, out);
	fclose(out);
	return e;
}

const struct err *workset_mounts_walk(struct proc_view *view)
{
	AUTO_FREE char *text = NULL;
	const struct err *e = render_mounts(view, &text);
	char *lines = text, *line;

	if (e)
		return err_is_fatal(e) ? e : NULL;
	for (unsigned i = 0; i < MOUNTS_MAX && (line = strsep(&lines, "\n")); i++) {
		struct stat st;
		char *path;

		strsep(&line, " ");
		path = strsep(&line, " ");
		if (!path)
			continue;
		unescape(path);
		e = proc_path_stat(view, path, true, &st);
		if (e && err_is_fatal(e))
			return e;
	}
	return NULL;
}
