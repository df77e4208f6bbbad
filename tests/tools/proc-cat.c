/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc-cat RAMFILE PROFILE PATH...: print nodes of the rebuilt tree; one process, nothing verified.
 */
#include <stdio.h>
#include <string.h>

#include "tests/tools/ramguest.h"
#include "transcall/proc/tree.h"

static bool print_child(void *context, const char *name, enum node_kind kind)
{
	static const char marks[] = {
		[NODE_DIR] = '/', [NODE_FILE] = ' ', [NODE_SYMLINK] = '@', [NODE_MAGIC] = '*'};

	(void)context;
	printf("%s%c\n", name, marks[kind]);
	return true;
}

static const struct err *print_node(struct proc_view *view, const char *path)
{
	struct proc_node node;
	char text[8192];

	TRY(proc_lookup(view, path, &node));
	switch (node.kind) {
	case NODE_DIR:
		return proc_list(view, &node, print_child, NULL);
	case NODE_FILE:
		return proc_render(view, &node, stdout);
	case NODE_SYMLINK:
	case NODE_MAGIC:
		TRY(proc_readlink(view, &node, text, sizeof(text)));
		printf("%s\n", text);
	}
	return NULL;
}

static const struct err *run(int argc, char **argv, int *ret)
{
	static struct ramguest guest;
	struct proc_view view = {.kernel = &guest.kernel};

	TRY(ramguest_open(&guest, argv[1], argv[2]));
	TRY(proc_view_init(&view, &guest.kernel, 1));
	for (int i = 3; i < argc; i++) {
		const struct err *e = print_node(&view, argv[i]);

		if (e) {
			fprintf(stderr, "%s: %s: %s (%s:%d)\n", argv[i], err_kind_name(e->kind),
				e->message, e->file, e->line);
			*ret = 1;
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc < 4) {
		fprintf(stderr, "usage: %s RAMFILE PROFILE PATH...\n", argv[0]);
		return 2;
	}
	const struct err *e = run(argc, argv, &status);
	if (e) {
		fprintf(stderr, "%s: %s: %s\n", argv[0], err_kind_name(e->kind), e->message);
		return 1;
	}
	return status;
}
