/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup - control groups: the hierarchies, and where a task is in each. */
#ifndef TC_KOBJ_CGROUP_H
#define TC_KOBJ_CGROUP_H

#include "transcall/kobj/list.h"
#include "transcall/kobj/task.h"

#define CGROUP_PATH_BYTES     4096
#define CGROUP_NAME_BYTES     64 /* MAX_CGROUP_ROOT_NAMELEN */
#define CGROUP_SUBSYSTEMS_MAX 16 /* subsys_mask is a u16 */

struct cgroup_hierarchy {
	gva_t at;                 /* struct cgroup_root */
	bool is_default, visible; /* the default one (v2) is shown once it was mounted */
	uint32_t id;
	uint32_t subsystems; /* bit mask */
	char name[CGROUP_NAME_BYTES];
};

/* Walk over the hierarchies in the order of /proc/PID/cgroup; ret->at null: the end. */
MUST_CHECK const struct err *cgroup_hierarchies_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *cgroup_hierarchies_next(struct list_iter *it, const struct kernel *k,
						     struct cgroup_hierarchy *ret);

/* Legacy name of subsystem number @i; "" when there is no such subsystem. */
MUST_CHECK const struct err *cgroup_subsystem_name(const struct kernel *k, unsigned i,
						   char ret[static CGROUP_NAME_BYTES]);

struct cgroup_place {
	gva_t at; /* struct cgroup; null: the hierarchy was just unmounted */
	bool dead;
	char path[CGROUP_PATH_BYTES]; /* from the root of the reader's cgroup namespace */
};
/* @reader: task whose cgroup namespace counts. */
MUST_CHECK const struct err *cgroup_place_read(const struct kernel *k, const struct task *t,
					       gva_t reader, const struct cgroup_hierarchy *h,
					       struct cgroup_place *ret);

/**
 * cgroup_cpuset_path() - the control group whose cpuset counts for a task, as @reader names it
 * Return: NULL; ABSENT: the kernel has no cpusets; RACE; FAULT; fatal.
 */
MUST_CHECK const struct err *cgroup_cpuset_path(const struct kernel *k, gva_t task, gva_t reader,
						char ret[static CGROUP_PATH_BYTES]);

/* The number of the group of the default hierarchy that a full socket counts for. */
MUST_CHECK const struct err *cgroup_of_socket(const struct kernel *k, gva_t sock, uint64_t *ret);

#endif
