/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/filesystems. Input: attacker-controlled. */
#include "transcall/kobj/filesystem.h"
#include "transcall/proc/renderers.h"

const struct err *root_filesystems(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct filesystem_iter it;
	struct filesystem fs;
	bool end;

	(void)node;
	TRY(filesystem_iter_init(&it, view->kernel));
	for (;;) {
		TRY(filesystem_iter_next(&it, view->kernel, &fs, &end));
		if (end)
			return NULL;
		fprintf(out, "%s\t%s\n", fs.needs_device ? "" : "nodev", fs.name);
	}
}
