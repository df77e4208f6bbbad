/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernfs - the order in which a directory of sysfs lists its names: that of their hashes. */
#ifndef TC_PROC_KERNFS_H
#define TC_PROC_KERNFS_H

#include "transcall/proc/tree.h"

#define KERNFS_NAME_BYTES 64

struct kernfs_names {
	struct kernfs_name {
		uint32_t hash;
		char name[KERNFS_NAME_BYTES];
	} *all; /* owned */
	size_t count, room;
};

/* Keep @name, cut to the bytes above. Return: NULL, SYSTEM. */
MUST_CHECK const struct err *kernfs_add(struct kernfs_names *n, const char *name);

/* List what was added, all of @kind. */
void kernfs_list(struct kernfs_names *n, enum node_kind kind, proc_emit emit, void *context);

void kernfs_deinit(struct kernfs_names *n);

#endif
