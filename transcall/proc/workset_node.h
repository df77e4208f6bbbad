/* SPDX-License-Identifier: GPL-2.0-or-later */
/* workset_node - one node of a walk: all that a tool may ask of it is asked, and dropped. */
#ifndef TC_PROC_WORKSET_NODE_H
#define TC_PROC_WORKSET_NODE_H

#include "transcall/proc/tree.h"

/* One walk: what files say is written over what the last one said. */
struct walk {
	struct proc_view *view;
	FILE *out;
	char *text;
	size_t len_bytes;
	const struct err *e; /* of a file named in maps */
};

/* Return: NULL; SYSTEM. Deinit also after that. */
MUST_CHECK const struct err *walk_init(struct walk *w, struct proc_view *view);
void walk_deinit(struct walk *w);

/* FAULT, ABSENT and RACE end only the object that they met: NULL; all else is passed on. */
MUST_CHECK const struct err *walk_pass_over(const struct err *e);

/* Attributes, content or target of @node. Return: NULL; SYSTEM; or a fatal kind. */
MUST_CHECK const struct err *walk_node(struct walk *w, const struct proc_node *node);

#endif
