/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/locks. Input: attacker-controlled. */
#include "transcall/proc/locktext.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

static const struct err *waiters_render(struct proc_view *view, gva_t at, uint64_t id, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct lock_waiters w;
	struct klock lock;

	lock_waiters_init(&w);
	for (;;) {
		TRY(lock_waiters_next(&w, k, &at));
		if (gva_is_null(at))
			return NULL;
		if (w.level > 1 && !reader_kernel_has_idmaps(k))
			continue;
		TRY(lock_read(k, at, view->pid_ns, &lock));
		locktext_render(out, k, &lock, id, w.level);
	}
}

static const struct err *lock_render(struct proc_view *view, gva_t at, const struct klock *lock,
				     uint64_t id, FILE *out)
{
	locktext_render(out, view->kernel, lock, id, 0);
	return waiters_render(view, at, id, out);
}

/* Locks of processes that the reader's pid namespace does not see count, but are not shown. */
const struct err *root_locks(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct lock_iter it;
	struct klock lock;
	gva_t at;

	(void)node;
	lock_iter_init(&it);
	for (uint64_t id = 1;; id++) {
		long start = ftell(out);
		const struct err *e = lock_iter_next(&it, view->kernel, &at);

		if (!e && gva_is_null(at))
			return NULL;
		if (!e)
			e = lock_read(view->kernel, at, view->pid_ns, &lock);
		if (!e && lock.pid != 0)
			e = lock_render(view, at, &lock, id, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
