/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Going through the areas of a process. Input: attacker-controlled. */
#include "transcall/proc/areas.h"

#include <errno.h>

#include "transcall/proc/view.h"

const struct err *areas_task(struct proc_view *view, const struct proc_node *node, struct task *ret,
			     bool *ret_has)
{
	TRY(task_read(view->kernel, node->task, ret));
	*ret_has = !gva_is_null(ret->mm);
	return *ret_has ? view_require_access(view, node->task, EACCES) : NULL;
}

bool areas_is_gate(const struct kernel *k, const struct vma *v)
{
	return gva_equal(v->at, kernel_symbol(k, S_gate_vma));
}

const struct err *areas_render(struct proc_view *view, const struct proc_node *node,
			       areas_print *print, FILE *out)
{
	struct vma_iter it;
	struct areas of;
	struct vma v;
	bool has;

	TRY(areas_task(view, node, &of.task, &has));
	if (!has)
		return NULL;
	TRY(mm_read_layout(view->kernel, of.task.mm, &of.layout));
	TRY(vma_iter_init(&it, view->kernel, of.task.mm));
	for (;;) {
		long start = ftell(out);
		const struct err *e = vma_iter_next(&it, view->kernel, &v);

		if (!e && gva_is_null(v.at))
			return NULL;
		if (!e)
			e = print(view, &of, &v, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
