/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/filesystems. Input: attacker-controlled. */
#include "transcall/kobj/filesystem.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

const struct err *root_filesystems(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct filesystem_iter it;
	struct filesystem fs;
	bool end;

	(void)node;
	TRY(filesystem_iter_init(&it, view->kernel));
	for (;;) {
		const struct err *e = filesystem_iter_next(&it, view->kernel, &fs, &end);

		if (!e && end)
			return NULL;
		if (!e)
			fprintf(out, "%s\t%s\n", fs.needs_device ? "" : "nodev", fs.name);
		TRY(view_pass_over(view, e));
	}
}
