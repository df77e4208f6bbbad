/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysfs - the parts of /sys that are listed from the guest's own kernfs: what it registered says
 * what exists, in what order; files whose content is not rebuilt are there, and not available.
 * Below /sys/fs/cgroup these are the control groups that are mounted there.
 */
#ifndef TC_PROC_SYSFS_H
#define TC_PROC_SYSFS_H

#include "transcall/proc/tree.h"

struct group_handle {
	uint64_t id;
	int32_t mount; /* the guest's number of the mount */
};

/* What name_to_handle_at() says of the directory @path. ABSENT: no control group of version 2. */
MUST_CHECK const struct err *sysfs_group_handle(struct proc_view *view, const char *path,
						struct group_handle *ret);

/**
 * sysfs_group_path() - where a control group of the second version is, as open_by_handle_at() finds
 * it
 * @dir: path of any directory of the mount
 * @id:  its number
 * Return: NULL; ABSENT: @dir is in no such mount (errnum 0), or has no such group below its top
 * (errnum ESTALE); RACE; FAULT; fatal.
 */
MUST_CHECK const struct err *sysfs_group_path(struct proc_view *view, const char *dir, uint64_t id,
					      char ret[static PROC_PATH_BYTES]);

#endif
