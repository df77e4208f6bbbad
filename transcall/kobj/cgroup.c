/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Control groups. Input: attacker-controlled. */
#include "transcall/kobj/cgroup.h"

#include <string.h>

#include "transcall/kobj/knode.h"

#define CSS_ONLINE    2u  /* enum: 1 << 1 */
#define POINTER_BYTES 8
#define SOCKET_FLAGS  3u /* until 5.15 (struct sock_cgroup_data): no pointer, or no reference */

const struct err *cgroup_hierarchies_init(struct list_iter *it, const struct kernel *k)
{
	return list_init(it, k, kernel_symbol(k, S_cgroup_roots));
}

const struct err *cgroup_hierarchies_next(struct list_iter *it, const struct kernel *k,
					  struct cgroup_hierarchy *ret)
{
	uint64_t id, mask;
	uint8_t visible;
	gva_t link;

	*ret = (struct cgroup_hierarchy){0};
	TRY(list_next(it, k, &link));
	if (gva_is_null(link))
		return NULL;
	ret->at = kfield_container(k, link, F_cgroup_root_list);
	ret->is_default = gva_equal(ret->at, kernel_symbol(k, S_cgrp_dfl_root));
	TRY(kread_u8(k, kernel_symbol(k, S_cgrp_dfl_visible), &visible));
	ret->visible = !ret->is_default || visible;
	TRY(kfield_uint(k, ret->at, F_cgroup_root_hierarchy_id, &id));
	TRY(kfield_uint(k, ret->at, F_cgroup_root_subsys_mask, &mask));
	ret->id = (uint32_t)id;
	ret->subsystems = (uint32_t)mask;
	return kfield_str(k, ret->at, F_cgroup_root_name, ret->name, sizeof(ret->name));
}

const struct err *cgroup_subsystem_name(const struct kernel *k, unsigned i,
					char ret[static CGROUP_NAME_BYTES])
{
	gva_t subsystem, name;

	*ret = 0;
	if (i >= k->profile->enumerators[E_CGROUP_SUBSYS_COUNT].value)
		return NULL;
	TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_cgroup_subsys), POINTER_BYTES * i),
		      &subsystem));
	TRY(kfield_ptr(k, subsystem, F_cgroup_subsys_legacy_name, &name));
	return gva_is_null(name) ? NULL : kread_str(k, name, ret, CGROUP_NAME_BYTES);
}

/* cset_cgroup_from_root(); null: none */
static const struct err *cgroup_in_set(const struct kernel *k, gva_t set,
				       const struct cgroup_hierarchy *h, gva_t *ret)
{
	struct list_iter it;
	gva_t link, root;

	if (gva_equal(set, kernel_symbol(k, S_init_css_set))) {
		*ret = kfield_at(k, h->at, F_cgroup_root_cgrp);
		return NULL;
	}
	if (h->is_default)
		return kfield_ptr(k, set, F_css_set_dfl_cgrp, ret);
	TRY(list_init(&it, k, kfield_at(k, set, F_css_set_cgrp_links)));
	for (;;) {
		*ret = gva(0);
		TRY(list_next(&it, k, &link));
		if (gva_is_null(link))
			return NULL;
		link = kfield_container(k, link, F_cgrp_cset_link_cgrp_link);
		TRY(kfield_ptr(k, link, F_cgrp_cset_link_cgrp, ret));
		TRY(kfield_ptr(k, *ret, F_cgroup_root_of, &root));
		if (gva_equal(root, h->at))
			return NULL;
	}
}

static const struct err *path_read(const struct kernel *k, gva_t group, gva_t root,
				   struct cgroup_place *ret)
{
	gva_t to, from;

	TRY(kfield_ptr(k, group, F_cgroup_kn, &to));
	TRY(kfield_ptr(k, root, F_cgroup_kn, &from));
	return knode_path(k, to, from, ret->path);
}

const struct err *cgroup_of_socket(const struct kernel *k, gva_t sock, uint64_t *ret)
{
	gva_t group, node;

	TRY(kfield_ptr(k, sock, F_sock_cgroup, &group));
	if (gva_is_null(group) || group.v & SOCKET_FLAGS)
		group = kfield_at(k, kernel_symbol(k, S_cgrp_dfl_root), F_cgroup_root_cgrp);
	TRY(kfield_ptr(k, group, F_cgroup_kn, &node));
	return kfield_uint(k, node, F_kernfs_node_id, ret);
}

/* The root of @reader's cgroup namespace in a hierarchy. */
static const struct err *root_of(const struct kernel *k, gva_t reader,
				 const struct cgroup_hierarchy *h, gva_t *ret)
{
	gva_t set, proxy, ns;

	TRY(kfield_ptr(k, reader, F_task_struct_nsproxy, &proxy));
	if (gva_is_null(proxy))
		return ERR(ERR_ABSENT, "the reader is gone");
	TRY(kfield_ptr(k, proxy, F_nsproxy_cgroup, &ns));
	TRY(kfield_ptr(k, ns, F_cgroup_namespace_root_cset, &set));
	return cgroup_in_set(k, set, h, ret);
}

const struct err *cgroup_place_read(const struct kernel *k, const struct task *t, gva_t reader,
				    const struct cgroup_hierarchy *h, struct cgroup_place *ret)
{
	gva_t set, root;
	uint64_t flags;

	TRY(kfield_ptr(k, t->at, F_task_struct_cgroups, &set));
	TRY(cgroup_in_set(k, set, h, &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	TRY(kfield_uint(k, ret->at, F_cgroup_self_flags, &flags));
	ret->dead = !(flags & CSS_ONLINE);
	TRY(root_of(k, reader, h, &root));
	return path_read(k, ret->at, root, ret);
}

/* The hierarchy that subsystem number @i is in. */
static const struct err *hierarchy_of(const struct kernel *k, unsigned i,
				      struct cgroup_hierarchy *ret)
{
	struct list_iter it;

	TRY(cgroup_hierarchies_init(&it, k));
	for (;;) {
		TRY(cgroup_hierarchies_next(&it, k, ret));
		if (gva_is_null(ret->at))
			return ERR(ERR_ABSENT, "no hierarchy has subsystem %u", i);
		if (ret->subsystems >> i & 1)
			return NULL;
	}
}

/* proc_cpuset_show(): in the default hierarchy an ancestor's may count. */
const struct err *cgroup_cpuset_path(const struct kernel *k, gva_t task, gva_t reader,
				     char ret[static CGROUP_PATH_BYTES])
{
	struct cgroup_hierarchy h;
	struct cgroup_place place;
	gva_t set, css, root;
	int64_t number = k->profile->enumerators[E_cpuset_cgrp_id].value;

	if (!k->profile->enumerators[E_cpuset_cgrp_id].present || number < 0 ||
	    number >= CGROUP_SUBSYSTEMS_MAX)
		return ERR(ERR_ABSENT, "the guest's kernel has no cpusets");
	TRY(hierarchy_of(k, (unsigned)number, &h));
	TRY(root_of(k, reader, &h, &root));
	TRY(kfield_ptr(k, task, F_task_struct_cgroups, &set));
	TRY(kread_ptr(k, gva_add(kfield_at(k, set, F_css_set_subsys), 8 * (uint64_t)number), &css));
	TRY(kfield_ptr(k, css, F_cgroup_subsys_state_cgroup, &place.at));
	TRY(path_read(k, place.at, root, &place));
	memcpy(ret, place.path, CGROUP_PATH_BYTES);
	return NULL;
}
