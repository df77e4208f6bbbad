/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysfs_values - the attributes of devices whose content is rebuilt, by class. */
#ifndef TC_PROC_SYSFS_VALUES_H
#define TC_PROC_SYSFS_VALUES_H

#include "transcall/proc/tree.h"

struct sysfs_value;
/* @at: the struct net_device; of a disk or a partition its "part" (kobj/disk.h). */
typedef const struct err *sysfs_show_fn(const struct kernel *k, gva_t at,
					const struct sysfs_value *value, FILE *out);

struct sysfs_value {
	const char *name; /* with the directory of the device that it is in, if any: "queue/..." */
	sysfs_show_fn *show;
	enum field_id member; /* what it shows, where that is one number */
	unsigned which;       /* counter (enum netdev_counter), or bit of a state */
};

/* NULL: it is not rebuilt. */
const struct sysfs_value *sysfs_block_value(const char *name);
const struct sysfs_value *sysfs_net_value(const char *name);

#endif
