/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mount options of control groups (kernel/cgroup). Input: attacker-controlled. */
#include "transcall/proc/mountopts_kinds.h"

#include "transcall/kobj/cgroup.h"

#define HIERARCHIES_MAX 256
#define AGENT_BYTES     4096 /* PATH_MAX */

struct flag {
	enum enumerator_id flag; /* CGRP_ROOT_* */
	const char *name;
};

static const struct flag flags_v1[] = {
	{E_CGRP_ROOT_NOPREFIX, "noprefix"},
	{E_CGRP_ROOT_XATTR, "xattr"},
	{E_CGRP_ROOT_CPUSET_V2_MODE, "cpuset_v2_mode"},
	{E_CGRP_ROOT_FAVOR_DYNMODS, "favordynmods"},
};

static const struct flag flags_v2[] = {
	{E_CGRP_ROOT_NS_DELEGATE, "nsdelegate"},
	{E_CGRP_ROOT_FAVOR_DYNMODS, "favordynmods"},
	{E_CGRP_ROOT_MEMORY_LOCAL_EVENTS, "memory_localevents"},
	{E_CGRP_ROOT_MEMORY_RECURSIVE_PROT, "memory_recursiveprot"},
	{E_CGRP_ROOT_MEMORY_HUGETLB_ACCOUNTING, "memory_hugetlb_accounting"},
	{E_CGRP_ROOT_PIDS_LOCAL_EVENTS, "pids_localevents"},
};

static const struct err *flags_print(const struct kernel *k, gva_t root, const struct flag *names,
				     size_t count, FILE *out)
{
	uint64_t flags;

	TRY(kfield_uint(k, root, F_cgroup_root_flags, &flags));
	for (size_t i = 0; i < count; i++) {
		const struct enumerator *e = &k->profile->enumerators[names[i].flag];

		if (e->present && (flags & (uint64_t)e->value))
			mountopts_print(names[i].name, NULL, out);
	}
	return NULL;
}

const struct err *cgroup2_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	(void)m;
	return flags_print(k, kernel_symbol(k, S_cgrp_dfl_root), flags_v2,
			   sizeof(flags_v2) / sizeof(flags_v2[0]), out);
}

/* The hierarchy whose kernfs is mounted. */
static const struct err *hierarchy_find(const struct kernel *k, gva_t info,
					struct cgroup_hierarchy *ret)
{
	struct list_iter it;
	gva_t mounted, of;

	TRY(kfield_ptr(k, info, F_kernfs_super_info_root, &mounted));
	TRY(cgroup_hierarchies_init(&it, k));
	for (unsigned i = 0; i < HIERARCHIES_MAX; i++) {
		TRY(cgroup_hierarchies_next(&it, k, ret));
		if (gva_is_null(ret->at))
			break;
		TRY(kfield_ptr(k, ret->at, F_cgroup_root_kf_root, &of));
		if (gva_equal(of, mounted))
			return NULL;
	}
	return ERR_AT(ERR_RACE, mounted.v, "a mounted hierarchy of control groups is not there");
}

static const struct err *subsystems_print(const struct kernel *k, uint32_t mask, FILE *out)
{
	char name[CGROUP_NAME_BYTES];

	for (unsigned i = 0; i < CGROUP_SUBSYSTEMS_MAX; i++) {
		if (!(mask >> i & 1))
			continue;
		TRY(cgroup_subsystem_name(k, i, name));
		mountopts_print(name, NULL, out);
	}
	return NULL;
}

static const struct err *agent_print(const struct kernel *k, gva_t root, FILE *out)
{
	char agent[AGENT_BYTES] = "";

	if (profile_has(k->profile, F_cgroup_root_release_agent))
		TRY(kfield_str(k, root, F_cgroup_root_release_agent, agent, sizeof(agent)));
	if (*agent)
		mountopts_print("release_agent", agent, out);
	return NULL;
}

static const struct err *clone_print(const struct kernel *k, gva_t root, FILE *out)
{
	const struct enumerator *bit = &k->profile->enumerators[E_CGRP_CPUSET_CLONE_CHILDREN];
	uint64_t flags;

	TRY(kfield_uint(k, kfield_at(k, root, F_cgroup_root_cgrp), F_cgroup_flags, &flags));
	if (bit->present && bit->value >= 0 && bit->value < 64 && flags >> bit->value & 1)
		mountopts_print("clone_children", NULL, out);
	return NULL;
}

/* cgroup1_show_options() */
const struct err *cgroup1_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	struct cgroup_hierarchy h;

	TRY(hierarchy_find(k, m->info, &h));
	TRY(subsystems_print(k, h.subsystems, out));
	TRY(flags_print(k, h.at, flags_v1, sizeof(flags_v1) / sizeof(flags_v1[0]), out));
	TRY(agent_print(k, h.at, out));
	TRY(clone_print(k, h.at, out));
	if (*h.name)
		mountopts_print("name", h.name, out);
	return NULL;
}
