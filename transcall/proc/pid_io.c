/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/io, personality, coredump_filter and setgroups. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <errno.h>
#include <inttypes.h>

#include "transcall/kobj/io.h"
#include "transcall/proc/view.h"

#define DUMP_FILTER_SHIFT 2 /* MMF_DUMP_FILTER_SHIFT, _MASK */
#define DUMP_FILTER_MASK  0x1ffu
#define SETGROUPS_ALLOWED 1u /* USERNS_SETGROUPS_ALLOWED */

bool pid_has_io(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_task_struct_ioac);
}

/* do_io_accounting() */
const struct err *pid_io(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct io_counters c;
	struct task t;

	TRY(view_require_access(view, node->task, EACCES));
	TRY(task_read(view->kernel, node->task, &t));
	TRY(io_read_counters(view->kernel, &t, !node->tid, &c));
	fprintf(out,
		"rchar: %" PRIu64 "\nwchar: %" PRIu64 "\nsyscr: %" PRIu64 "\nsyscw: %" PRIu64 "\n",
		c.rchar, c.wchar, c.syscr, c.syscw);
	fprintf(out, "read_bytes: %" PRIu64 "\nwrite_bytes: %" PRIu64 "\n", c.read_bytes,
		c.write_bytes);
	fprintf(out, "cancelled_write_bytes: %" PRIu64 "\n", c.cancelled_write_bytes);
	return NULL;
}

const struct err *pid_personality(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint64_t personality;

	TRY(view_require_access(view, node->task, EPERM));
	TRY(kfield_uint(view->kernel, node->task, F_task_struct_personality, &personality));
	fprintf(out, "%08" PRIx64 "\n", personality);
	return NULL;
}

const struct err *pid_coredump_filter(struct proc_view *view, const struct proc_node *node,
				      FILE *out)
{
	uint64_t flags;
	struct task t;

	TRY(task_read(view->kernel, node->task, &t));
	if (gva_is_null(t.mm))
		return NULL;
	TRY(kfield_uint(view->kernel, t.mm, F_mm_struct_flags, &flags));
	fprintf(out, "%08x\n", (unsigned)(flags >> DUMP_FILTER_SHIFT) & DUMP_FILTER_MASK);
	return NULL;
}

const struct err *pid_setgroups(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint64_t flags;
	gva_t ns;

	TRY(task_user_ns(view->kernel, node->task, &ns));
	TRY(kfield_uint(view->kernel, ns, F_user_namespace_flags, &flags));
	fputs(flags & SETGROUPS_ALLOWED ? "allow\n" : "deny\n", out);
	return NULL;
}
