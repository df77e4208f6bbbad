/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading one node as a tool would. Input: attacker-controlled guest memory. */
#include "transcall/proc/workset_node.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "transcall/proc/mapped.h"
#include "transcall/proc/system.h"

const struct err *walk_pass_over(const struct err *e)
{
	bool of_object = !e || e->kind == ERR_FAULT || e->kind == ERR_ABSENT || e->kind == ERR_RACE;

	return of_object ? NULL : e;
}

const struct err *walk_init(struct walk *w, struct proc_view *view)
{
	*w = (struct walk){.view = view};
	w->out = open_memstream(&w->text, &w->len_bytes);
	return w->out ? NULL : ERR(ERR_SYSTEM, "no memory to walk in");
}

void walk_deinit(struct walk *w)
{
	if (w->out)
		fclose(w->out);
	free(w->text);
}

/* Who reads maps next examines the files it names. */
static bool named_drop(void *context, const char *path)
{
	struct walk *w = context;
	struct stat st;

	w->e = walk_pass_over(proc_path_stat(w->view, path, true, &st));
	return !w->e;
}

static const struct err *content_drop(struct walk *w, const struct proc_node *node)
{
	rewind(w->out);
	TRY(proc_render(w->view, node, w->out));
	if (strcmp(node->name, "maps") != 0)
		return NULL;
	if (fflush(w->out) != 0)
		return ERR(ERR_SYSTEM, "no memory to walk in");
	w->e = NULL;
	mapped_each(w->text, w->len_bytes, named_drop, w);
	return w->e;
}

static const struct err *target_drop(struct proc_view *view, const struct proc_node *node)
{
	char text[PATH_MAX];
	struct stat st;

	TRY(walk_pass_over(proc_readlink(view, node, text, sizeof(text))));
	return node->kind == NODE_MAGIC ? proc_stat_target(view, node, &st) : NULL;
}

const struct err *walk_node(struct walk *w, const struct proc_node *node)
{
	struct stat st;

	TRY(walk_pass_over(proc_attr(w->view, node, &st)));
	switch (node->kind) {
	case NODE_DIR:
		return NULL;
	case NODE_FILE:
		return walk_pass_over(content_drop(w, node));
	case NODE_SYMLINK:
	case NODE_MAGIC:
		return walk_pass_over(target_drop(w->view, node));
	}
	return NULL;
}
