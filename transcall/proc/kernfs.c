/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of a sysfs directory in order. Input: attacker-controlled. */
#include "transcall/proc/kernfs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_RATIO UINT64_C(0x61c8864680b583eb) /* include/linux/hash.h */
#define ROOM_FIRST   32u

/* kernfs_name_hash() (fs/kernfs/dir.c) over partial_name_hash(), end_name_hash()
 * (linux/stringhash.h) */
static uint32_t name_hash(const char *name)
{
	uint64_t hash = 0;

	for (; *name; name++) {
		uint64_t c = (uint8_t)*name;

		hash = (hash + (c << 4) + (c >> 4)) * 11;
	}
	uint32_t v = (uint32_t)(hash * GOLDEN_RATIO >> 32) & INT_MAX;
	if (v < 2) /* of "." and ".." */
		v += 2;
	return v == INT_MAX ? INT_MAX - 1 : v;
}

const struct err *kernfs_add(struct kernfs_names *n, const char *name)
{
	if (n->count == n->room) {
		size_t room = n->room ? 2 * n->room : ROOM_FIRST;
		struct kernfs_name *all = realloc(n->all, room * sizeof(*all));

		if (!all)
			return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "names of a directory");
		n->all = all;
		n->room = room;
	}
	struct kernfs_name *next = &n->all[n->count++];
	snprintf(next->name, sizeof(next->name), "%s", name);
	next->hash = name_hash(next->name);
	return NULL;
}

static int compare(const void *a, const void *b)
{
	const struct kernfs_name *x = a, *y = b;

	return x->hash == y->hash ? strcmp(x->name, y->name) : x->hash < y->hash ? -1 : 1;
}

void kernfs_list(struct kernfs_names *n, enum node_kind kind, proc_emit emit, void *context)
{
	if (n->count)
		qsort(n->all, n->count, sizeof(*n->all), compare);
	for (size_t i = 0; i < n->count; i++)
		if (!emit(context, n->all[i].name, kind))
			return;
}

void kernfs_deinit(struct kernfs_names *n)
{
	free(n->all);
	*n = (struct kernfs_names){0};
}
