/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/stack (proc_pid_stack(), fs/proc/base.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <errno.h>
#include <inttypes.h>

#include "transcall/kobj/kallsyms.h"
#include "transcall/kobj/stack.h"
#include "transcall/kobj/wchan.h"

#define FRAMES_MAX 64 /* MAX_STACK_TRACE_DEPTH */

/* %pB: a return address may be that of the next symbol, so the one before it is looked up. */
static const struct err *frame_print(const struct kernel *k, uint64_t address, FILE *out)
{
	struct ksymbol s;
	const struct err *e = ksymbol_find(k, gva(address - 1), &s);

	if (e && e->kind != ERR_ABSENT)
		return e;
	if (e)
		fprintf(out, "[<0>] 0x%" PRIx64 "\n", address);
	else if (*s.module)
		fprintf(out, "[<0>] %s+%#" PRIx64 "/%#" PRIx64 " [%s]\n", s.name, s.offset + 1,
			s.size_bytes, s.module);
	else
		fprintf(out, "[<0>] %s+%#" PRIx64 "/%#" PRIx64 "\n", s.name, s.offset + 1,
			s.size_bytes);
	return NULL;
}

/* stack_trace_save_tsk(): without the scheduler's own frames */
static const struct err *frames_print(const struct kernel *k, struct stack_walk *w, FILE *out)
{
	unsigned shown = 0;

	/* the bound is that of frames that are not shown, too: none is on the stack twice */
	for (unsigned i = 0; !w->done && i < STACK_BYTES / 8 && shown < FRAMES_MAX; i++) {
		bool text;

		TRY(kallsyms_is_text(k, gva(w->ip), &text));
		if (!text)
			return NULL;
		if (!wchan_in_scheduler(k, gva(w->ip))) {
			TRY(frame_print(k, w->ip, out));
			shown++;
		}
		TRY(stack_walk_next(w));
	}
	return NULL;
}

const struct err *pid_stack(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct stack_walk w;
	uint64_t runs;

	if (!gva_equal(view->user_ns, kernel_symbol(k, S_init_user_ns)))
		return ERR_ERRNO(ERR_ABSENT, EACCES, "stacks are shown to the first root alone");
	TRY(kfield_uint(k, node->task, F_task_struct_on_cpu, &runs));
	if (runs)
		return NULL;
	const struct err *e = stack_walk_init(&w, k, node->task);
	if (e)
		return e->kind == ERR_ABSENT ? NULL : e;
	return frames_print(k, &w, out);
}
