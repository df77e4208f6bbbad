/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/cgroup (proc_cgroup_show(), kernel/cgroup/cgroup.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include "transcall/kobj/cgroup.h"

static const struct err *head_print(const struct kernel *k, const struct cgroup_hierarchy *h,
				    FILE *out)
{
	char name[CGROUP_NAME_BYTES];
	unsigned count = 0;

	fprintf(out, "%u:", h->id);
	for (unsigned i = 0; i < CGROUP_SUBSYSTEMS_MAX && !h->is_default; i++) {
		if (!(h->subsystems >> i & 1))
			continue;
		TRY(cgroup_subsystem_name(k, i, name));
		fprintf(out, "%s%s", count++ ? "," : "", name);
	}
	if (*h->name)
		fprintf(out, "%sname=%s", count ? "," : "", h->name);
	fputc(':', out);
	return NULL;
}

/* In a hierarchy of its own version, a zombie is where it was; in the old ones, nowhere. */
static const struct err *line_print(struct proc_view *view, const struct task *t,
				    const struct cgroup_hierarchy *h, FILE *out)
{
	struct cgroup_place place;

	TRY(cgroup_place_read(view->kernel, t, view->reader, h, &place));
	if (gva_is_null(place.at))
		return NULL;
	TRY(head_print(view->kernel, h, out));
	fprintf(out, "%s%s\n", h->is_default || !(t->flags & TASK_FLAG_EXITING) ? place.path : "/",
		h->is_default && place.dead ? " (deleted)" : "");
	return NULL;
}

const struct err *pid_cgroup(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct cgroup_hierarchy h;
	struct list_iter it;
	struct task t;

	TRY(task_read(view->kernel, node->task, &t));
	TRY(cgroup_hierarchies_init(&it, view->kernel));
	for (;;) {
		TRY(cgroup_hierarchies_next(&it, view->kernel, &h));
		if (gva_is_null(h.at))
			return NULL;
		if (h.visible)
			TRY(line_print(view, &t, &h, out));
	}
}

bool pid_has_cgroup(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_task_struct_cgroups);
}

const struct err *pid_cpuset(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char path[CGROUP_PATH_BYTES];

	TRY(cgroup_cpuset_path(view->kernel, node->task, view->reader, path));
	fprintf(out, "%s\n", path);
	return NULL;
}

bool pid_has_cpuset(const struct proc_view *view)
{
	return view->kernel->profile->has_symbol[S_proc_cpuset_show];
}
