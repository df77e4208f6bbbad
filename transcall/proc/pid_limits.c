/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/limits, loginuid, sessionid, uid_map, gid_map, projid_map, timens_offsets and timers.
 * Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/cred.h"
#include "transcall/kobj/signal.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/view.h"

#define UNLIMITED UINT64_MAX /* RLIM_INFINITY */

/* lnames[], fs/proc/base.c, by RLIMIT_* number */
static const struct {
	const char *name, *unit;
} limit_names[SIGNAL_LIMITS] = {
	{"Max cpu time", "seconds"},     {"Max file size", "bytes"},
	{"Max data size", "bytes"},      {"Max stack size", "bytes"},
	{"Max core file size", "bytes"}, {"Max resident set", "bytes"},
	{"Max processes", "processes"},  {"Max open files", "files"},
	{"Max locked memory", "bytes"},  {"Max address space", "bytes"},
	{"Max file locks", "locks"},     {"Max pending signals", "signals"},
	{"Max msgqueue size", "bytes"},  {"Max nice priority", NULL},
	{"Max realtime priority", NULL}, {"Max realtime timeout", "us"},
};

static void limit_print(uint64_t limit, FILE *out)
{
	if (limit == UNLIMITED)
		fprintf(out, "%-20s ", "unlimited");
	else
		fprintf(out, "%-20" PRIu64 " ", limit);
}

const struct err *pid_limits(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct signal_limits limits;
	struct task t;

	TRY(task_read(view->kernel, node->task, &t));
	if (gva_is_null(t.sighand))
		return NULL;
	TRY(signal_read_limits(view->kernel, &t, &limits));
	fprintf(out, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (unsigned i = 0; i < SIGNAL_LIMITS; i++) {
		fprintf(out, "%-25s ", limit_names[i].name);
		limit_print(limits.soft[i], out);
		limit_print(limits.hard[i], out);
		if (limit_names[i].unit)
			fprintf(out, "%-10s\n", limit_names[i].unit);
		else
			fputc('\n', out);
	}
	return NULL;
}

const struct err *pid_loginuid(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint64_t kuid;
	uint32_t uid = UINT32_MAX; /* shown as is when it was never set */

	TRY(kfield_uint(view->kernel, node->task, F_task_struct_loginuid, &kuid));
	if (kuid != UINT32_MAX)
		TRY(view_uid(view, (uint32_t)kuid, &uid));
	fprintf(out, "%u", uid);
	return NULL;
}

const struct err *pid_sessionid(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint64_t session;

	TRY(kfield_uint(view->kernel, node->task, F_task_struct_sessionid, &session));
	fprintf(out, "%u", (unsigned)session);
	return NULL;
}

bool pid_has_loginuid(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_task_struct_loginuid);
}

typedef const struct err *map_fn(const struct kernel *k, gva_t user_ns, struct id_map *ret);
typedef const struct err *id_in_fn(const struct kernel *k, gva_t user_ns, uint32_t kid,
				   uint32_t *ret);

/* uid_m_show(): lower ids as the opener's namespace sees them, its parent's if it is the same. */
static const struct err *map_render(struct proc_view *view, const struct proc_node *node,
				    map_fn *read, id_in_fn *shown_in, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t ns, lower = view->user_ns;
	struct id_map map;
	uint32_t first;

	TRY(task_user_ns(k, node->task, &ns));
	if (gva_equal(ns, lower))
		TRY(kfield_ptr(k, ns, F_user_namespace_parent, &lower));
	TRY(read(k, ns, &map));
	for (unsigned i = 0; i < map.count; i++) {
		first = map.extents[i].lower_first;
		if (!gva_is_null(lower))
			TRY(shown_in(k, lower, first, &first));
		fprintf(out, "%10u %10u %10u\n", map.extents[i].first, first, map.extents[i].count);
	}
	return NULL;
}

const struct err *pid_uid_map(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return map_render(view, node, cred_uid_map, cred_uid_in, out);
}

const struct err *pid_gid_map(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return map_render(view, node, cred_gid_map, cred_gid_in, out);
}

const struct err *pid_projid_map(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return map_render(view, node, cred_projid_map, cred_projid_in, out);
}

static const struct err *offset_print(const struct kernel *k, gva_t ns, const char *clock,
				      enum field_id seconds, enum field_id nanoseconds, FILE *out)
{
	int64_t s, ns_part;

	TRY(kfield_int(k, ns, seconds, &s));
	TRY(kfield_int(k, ns, nanoseconds, &ns_part));
	fprintf(out, "%-10s %10" PRId64 " %9" PRId64 "\n", clock, s, ns_part);
	return NULL;
}

const struct err *pid_timens_offsets(struct proc_view *view, const struct proc_node *node,
				     FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t nsproxy, ns;

	TRY(kfield_ptr(k, node->task, F_task_struct_nsproxy, &nsproxy));
	if (gva_is_null(nsproxy))
		return NULL;
	TRY(kfield_ptr(k, nsproxy, F_nsproxy_time_for_children, &ns));
	TRY(offset_print(k, ns, "monotonic", F_time_namespace_monotonic_sec,
			 F_time_namespace_monotonic_nsec, out));
	return offset_print(k, ns, "boottime", F_time_namespace_boottime_sec,
			    F_time_namespace_boottime_nsec, out);
}

/* Most processes have none. */
const struct err *pid_timers(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct task t;
	gva_t head, first;

	(void)out;
	TRY(task_read(view->kernel, node->task, &t));
	if (gva_is_null(t.sighand))
		return NULL;
	head = kfield_at(view->kernel, t.signal, F_signal_struct_posix_timers);
	TRY(kread_ptr(view->kernel, head, &first));
	if (!gva_is_null(first) && !gva_equal(first, head))
		return ERR(ERR_ABSENT, "POSIX timers are not rebuilt");
	return NULL;
}
