/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/cmdline, environ and comm. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <errno.h>

#include "transcall/kobj/mm.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/view.h"

static bool text_sink(void *context, const char *bytes, size_t len_bytes)
{
	return fwrite(bytes, 1, len_bytes, context) == len_bytes;
}

typedef const struct err *text_fn(struct mm_text *m, gva_t mm, mm_text_sink sink, void *context);

static const struct err *text_render(struct proc_view *view, const struct proc_node *node,
				     text_fn *read, FILE *out)
{
	struct mm_text text;
	struct task t;

	TRY(task_read(view->kernel, node->task, &t));
	if (gva_is_null(t.mm)) /* kernel threads and zombies have none */
		return NULL;
	TRY(mm_text_init(&text, view->kernel, t.mm));
	TRY(read(&text, t.mm, text_sink, out));
	view->absent += text.absent;
	view->unreadable += text.cut;
	return NULL;
}

const struct err *pid_cmdline(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return text_render(view, node, mm_cmdline, out);
}

const struct err *pid_environ(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	TRY(view_require_access(view, node->task, EACCES));
	return text_render(view, node, mm_environ, out);
}

const struct err *pid_comm(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char name[TASK_NAME_BYTES];
	struct task t;

	TRY(task_read(view->kernel, node->task, &t));
	TRY(task_name(view->kernel, &t, name));
	fprintf(out, "%s\n", name);
	return NULL;
}
