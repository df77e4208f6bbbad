/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/oom_score, oom_score_adj and oom_adj (fs/proc/base.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/oom.h"

#define OOM_DISABLE 17 /* magnitude of the old scale's lowest value */
#define OOM_ADJ_MAX 15

const struct err *pid_oom_score(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint64_t score;
	struct task t;

	TRY(task_read(view->kernel, node->task, &t));
	TRY(oom_score(view->kernel, &t, &score));
	fprintf(out, "%" PRIu64 "\n", score);
	return NULL;
}

static const struct err *adjust_read(const struct proc_view *view, const struct proc_node *node,
				     int64_t *ret)
{
	struct task t;

	TRY(task_read(view->kernel, node->task, &t));
	return oom_score_adj(view->kernel, &t, ret);
}

const struct err *pid_oom_score_adj(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	int64_t adjust;

	TRY(adjust_read(view, node, &adjust));
	fprintf(out, "%" PRId64 "\n", adjust);
	return NULL;
}

/* oom_adj_read(): the same on the scale of old. */
const struct err *pid_oom_adj(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	int64_t adjust;

	TRY(adjust_read(view, node, &adjust));
	adjust = adjust == OOM_SCORE_ADJ_MAX ? OOM_ADJ_MAX
					     : adjust * OOM_DISABLE / OOM_SCORE_ADJ_MAX;
	fprintf(out, "%" PRId64 "\n", adjust > OOM_ADJ_MAX ? OOM_ADJ_MAX : adjust);
	return NULL;
}
