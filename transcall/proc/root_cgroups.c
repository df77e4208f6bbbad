/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/cgroups (proc_cgroupstats_show(), kernel/cgroup/cgroup-v1.c). Input: attacker-controlled.
 */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/cgroup.h"

/* cgroup_ssid_enabled() */
static const struct err *is_enabled(const struct kernel *k, unsigned i, bool *ret)
{
	int64_t enabled;
	gva_t key;

	TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_cgroup_subsys_enabled_key), 8 * (uint64_t)i),
		      &key));
	TRY(kfield_int(k, key, F_static_key_enabled, &enabled));
	*ret = enabled > 0;
	return NULL;
}

/* cgroup1_subsys_absent(), since 6.12; before, each has files of the first version. */
static const struct err *is_absent(const struct kernel *k, gva_t subsystem, bool *ret)
{
	gva_t legacy, own;

	TRY(kfield_ptr(k, subsystem, F_cgroup_subsys_legacy_cftypes, &legacy));
	TRY(kfield_ptr(k, subsystem, F_cgroup_subsys_dfl_cftypes, &own));
	*ret = gva_is_null(legacy) && !gva_is_null(own);
	return NULL;
}

static const struct err *line_print(const struct kernel *k, unsigned i, const char *name, FILE *out)
{
	int64_t hierarchy, groups;
	gva_t subsystem, root;
	bool enabled, absent;

	TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_cgroup_subsys), 8 * (uint64_t)i), &subsystem));
	TRY(is_absent(k, subsystem, &absent));
	if (absent)
		return NULL;
	TRY(kfield_ptr(k, subsystem, F_cgroup_subsys_root, &root));
	TRY(kfield_int(k, root, F_cgroup_root_hierarchy_id, &hierarchy));
	TRY(kfield_int(k, root, F_cgroup_root_nr_cgrps, &groups));
	TRY(is_enabled(k, i, &enabled));
	fprintf(out, "%s\t%" PRId64 "\t%" PRId64 "\t%d\n", name, hierarchy, groups, enabled);
	return NULL;
}

const struct err *root_cgroups(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char name[CGROUP_NAME_BYTES];

	(void)node;
	fputs("#subsys_name\thierarchy\tnum_cgroups\tenabled\n", out);
	for (unsigned i = 0; i < CGROUP_SUBSYSTEMS_MAX; i++) {
		TRY(cgroup_subsystem_name(view->kernel, i, name));
		if (!*name)
			return NULL;
		TRY(line_print(view->kernel, i, name, out));
	}
	return NULL;
}
