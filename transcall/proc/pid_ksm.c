/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID: ksm_merging_pages, ksm_stat, patch_state, arch_status, cpu_resctrl_groups. Input:
 * attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <errno.h>
#include <inttypes.h>

#include "transcall/kobj/cpuinfo.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/view.h"

#define FEATURE_AVX512F (9 * 32 + 16) /* arch/x86/include/asm/cpufeatures.h */

static const struct err *mm_number(struct proc_view *view, const struct proc_node *node,
				   enum field_id id, const char *label, FILE *out)
{
	uint64_t value;
	struct task t;

	TRY(task_read(view->kernel, node->task, &t));
	if (gva_is_null(t.mm))
		return NULL;
	TRY(kfield_uint(view->kernel, t.mm, id, &value));
	fprintf(out, "%s%" PRIu64 "\n", label, value);
	return NULL;
}

const struct err *pid_ksm_merging_pages(struct proc_view *view, const struct proc_node *node,
					FILE *out)
{
	return mm_number(view, node, F_mm_struct_ksm_merging_pages, "", out);
}

bool pid_has_ksm_merging_pages(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_mm_struct_ksm_merging_pages);
}

const struct err *pid_ksm_stat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	if (profile_has(view->kernel->profile, F_mm_struct_ksm_zero_pages))
		return ERR(ERR_ABSENT, "the profit of merging is not rebuilt");
	return mm_number(view, node, F_mm_struct_ksm_rmap_items, "ksm_rmap_items ", out);
}

bool pid_has_ksm_stat(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_mm_struct_ksm_rmap_items);
}

const struct err *pid_patch_state(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	int64_t state;

	TRY(view_require_access(view, node->task, EPERM));
	TRY(kfield_int(view->kernel, node->task, F_task_struct_patch_state, &state));
	fprintf(out, "%d\n", (int)state);
	return NULL;
}

bool pid_has_patch_state(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_task_struct_patch_state);
}

/* A line on a CPU with AVX-512 only. */
const struct err *pid_arch_status(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct cpuinfo c;

	(void)node, (void)out;
	TRY(cpuinfo_read(view->kernel, 0, &c));
	if (cpuinfo_has(&c, FEATURE_AVX512F))
		return ERR(ERR_ABSENT, "the use of AVX-512 is not rebuilt");
	return NULL;
}

/* Without a mounted resctrl. */
const struct err *pid_resctrl(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	int64_t enabled;

	(void)node;
	TRY(kfield_int(view->kernel, kernel_symbol(view->kernel, S_rdt_enable_key),
		       F_static_key_enabled, &enabled));
	if (enabled)
		return ERR(ERR_ABSENT, "groups of resctrl are not rebuilt");
	fputs("res:\nmon:\n", out);
	return NULL;
}

bool pid_has_resctrl(const struct proc_view *view)
{
	return view->kernel->profile->has_symbol[S_rdt_enable_key];
}
