/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/sched (kernel/sched/debug.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/numafault.h"
#include "transcall/kobj/task.h"
#include "transcall/kobj/uclamp.h"
#include "transcall/proc/schedtext.h"
#include "transcall/proc/view.h"

#define UTIL_AVG_UNCHANGED UINT64_C(0x80000000) /* include/linux/sched.h */

/* include/uapi/linux/sched.h */
enum policy { POLICY_NORMAL = 0, POLICY_BATCH = 3, POLICY_DEADLINE = 6, POLICY_EXT = 7 };

struct look {
	const struct kernel *k;
	gva_t task;
	FILE *out;
};

static const struct err *part_print(const struct look *l, enum schedtext_part part,
				    const char *prefix)
{
	return schedtext_part(l->k, l->task, part, prefix, l->out);
}

static const struct err *head_print(const struct look *l, const struct proc_node *node)
{
	uint32_t number = node->tid ? node->tid : node->tgid;
	char name[TASK_NAME_BYTES];
	int64_t threads;
	gva_t signal;

	TRY(kfield_str(l->k, l->task, F_task_struct_comm, name, sizeof(name)));
	TRY(kfield_ptr(l->k, l->task, F_task_struct_signal, &signal));
	TRY(kfield_int(l->k, signal, F_signal_struct_nr_threads, &threads));
	fprintf(l->out, "%s (%" PRIu32 ", #threads: %" PRId64 ")\n", name, number, threads);
	for (unsigned i = 0; i < 67; i++)
		fputc('-', l->out);
	fputc('\n', l->out);
	return NULL;
}

/* Nothing to divide by is shown as -1. */
static int64_t average(uint64_t sum, uint64_t count)
{
	return count ? (int64_t)(sum / count) : -1;
}

/* What tells how its labels were until 5.15 is a member that came with the change. */
static const struct err *stats_print(const struct look *l, uint64_t switches)
{
	bool is_new = profile_has(l->k->profile, F_task_struct_sum_block_runtime), on;
	uint64_t runtime, migrations;

	TRY(kread_key(l->k, S_sched_schedstats, &on));
	if (!on)
		return NULL;
	TRY(part_print(l, STATS, is_new ? "" : "se.statistics."));
	TRY(kfield_uint(l->k, l->task, F_task_struct_sum_exec_runtime, &runtime));
	TRY(kfield_uint(l->k, l->task, F_task_struct_nr_migrations, &migrations));
	schedtext_time(l->out, "avg_atom", average(runtime, switches));
	schedtext_time(l->out, "avg_per_cpu", average(runtime, migrations));
	return part_print(l, FORCED_IDLE, "");
}

static const struct err *switches_print(const struct look *l)
{
	uint64_t voluntary, involuntary;

	TRY(kfield_uint(l->k, l->task, F_task_struct_nvcsw, &voluntary));
	TRY(kfield_uint(l->k, l->task, F_task_struct_nivcsw, &involuntary));
	TRY(stats_print(l, voluntary + involuntary));
	schedtext_number(l->out, "nr_switches", (int64_t)(voluntary + involuntary));
	schedtext_number(l->out, "nr_voluntary_switches", (int64_t)voluntary);
	schedtext_number(l->out, "nr_involuntary_switches", (int64_t)involuntary);
	return NULL;
}

/* A number of its own since 6.8, when the moving average became the estimate. */
static const struct err *estimate_print(const struct look *l)
{
	bool is_old = profile_has(l->k->profile, F_task_struct_util_est_ewma);
	uint64_t v;

	if (!profile_has(l->k->profile, F_task_struct_util_est))
		return NULL;
	TRY(kfield_uint(l->k, l->task, F_task_struct_util_est, &v));
	schedtext_number(l->out, is_old ? "se.avg.util_est.enqueued" : "se.avg.util_est",
			 (int64_t)(v & ~UTIL_AVG_UNCHANGED));
	return NULL;
}

static const struct err *bounds_print(const struct look *l)
{
	struct uclamp u;

	if (!profile_has(l->k->profile, F_task_struct_uclamp_req))
		return NULL;
	TRY(uclamp_read(l->k, l->task, &u));
	schedtext_number(l->out, "uclamp.min", u.asked[UCLAMP_LEAST]);
	schedtext_number(l->out, "uclamp.max", u.asked[UCLAMP_MOST]);
	schedtext_number(l->out, "effective uclamp.min", u.effective[UCLAMP_LEAST]);
	schedtext_number(l->out, "effective uclamp.max", u.effective[UCLAMP_MOST]);
	return NULL;
}

/* The slice is shown since it can be set (6.12). */
static const struct err *policy_print(const struct look *l)
{
	uint64_t policy, slice;

	TRY(part_print(l, POLICY, ""));
	TRY(kfield_uint(l->k, l->task, F_task_struct_policy, &policy));
	if (policy == POLICY_DEADLINE)
		return part_print(l, DEADLINE, "");
	if (!profile_has(l->k->profile, F_task_struct_custom_slice))
		return NULL;
	if (policy != POLICY_NORMAL && policy != POLICY_BATCH && policy != POLICY_EXT)
		return NULL;
	TRY(kfield_uint(l->k, l->task, F_task_struct_slice, &slice));
	schedtext_number(l->out, "se.slice", (int64_t)slice);
	return NULL;
}

/* task_on_scx() */
static const struct err *extension_print(const struct look *l)
{
	gva_t class;
	bool on;

	if (!profile_has(l->k->profile, F_task_struct_scx))
		return NULL;
	TRY(kread_key(l->k, S___scx_enabled, &on));
	TRY(kfield_ptr(l->k, l->task, F_task_struct_sched_class, &class));
	schedtext_number(l->out, "ext.enabled",
			 on && gva_equal(class, kernel_symbol(l->k, S_ext_sched_class)));
	return NULL;
}

static const struct err *node_faults_print(const struct look *l, unsigned number)
{
	struct numafault f;

	TRY(numafault_read(l->k, l->task, number, &f));
	fprintf(l->out, "numa_faults node=%u task_private=%" PRIu64 " task_shared=%" PRIu64, number,
		f.task_private, f.task_shared);
	fprintf(l->out, " group_private=%" PRIu64 " group_shared=%" PRIu64 "\n", f.group_private,
		f.group_shared);
	return NULL;
}

static const struct err *place_print(const struct look *l)
{
	int64_t group;
	int32_t node;
	uint64_t cpu;

	TRY(kfield_uint(l->k, l->task, F_task_struct_cpu, &cpu));
	TRY(numafault_cpu_node(l->k, (unsigned)cpu, &node));
	TRY(numafault_group_id(l->k, l->task, &group));
	fprintf(l->out, "current_node=%" PRId32 ", numa_group_id=%" PRId64 "\n", node, group);
	return NULL;
}

/* sched_show_numa(): also of a kernel thread that uses somebody's memory. */
static const struct err *numa_print(const struct look *l)
{
	gva_t mm, node;
	int64_t scan;

	if (!profile_has(l->k->profile, F_task_struct_numa_group))
		return NULL;
	TRY(kfield_ptr(l->k, l->task, F_task_struct_mm, &mm));
	if (!gva_is_null(mm)) {
		TRY(kfield_int(l->k, mm, F_mm_struct_numa_scan_seq, &scan));
		schedtext_number(l->out, "mm->numa_scan_seq", scan);
	}
	TRY(part_print(l, NUMA, ""));
	TRY(place_print(l));
	for (unsigned number = 0;; number++) {
		TRY(node_next(l->k, &number, &node));
		if (gva_is_null(node))
			return NULL;
		TRY(node_faults_print(l, number));
	}
}

const struct err *pid_sched(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct look l = {view->kernel, node->task, out};

	TRY(head_print(&l, node));
	TRY(part_print(&l, RUN, ""));
	TRY(switches_print(&l));
	TRY(part_print(&l, LOAD, ""));
	TRY(estimate_print(&l));
	TRY(bounds_print(&l));
	TRY(policy_print(&l));
	TRY(extension_print(&l));
	schedtext_number(out, "clock-delta",
			 0); /* of two readings: a snapshot's clock stands still */
	return numa_print(&l);
}
