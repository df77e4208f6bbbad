/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the tool sees new data: at the first touch of the tree after it slept, or after it looked
 * elsewhere for a while and then started a program. Between those, all it sees is of one snapshot.
 */
#include <time.h>

#include "transcall/proc/workset.h"
#include "transcall/vfs/needs.h"
#include "transcall/vfs/vfs.h"

#define SLEEP_NS UINT64_C(5000000)    /* shorter waits (a poll that was ready) are no sleep */
#define STALE_NS UINT64_C(1000000000) /* what a new program still takes for the present */

static uint64_t own_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void vfs_started(struct vfs *v)
{
	v->touched_ns = own_ns();
}

/* A shell that waited for its user did not sleep in any call we see. */
void vfs_program_started(struct vfs *v)
{
	if (v->slept_ns == 0 && own_ns() - v->touched_ns > STALE_NS) {
		v->slept_ns = v->touched_ns;
		images_invalidate(&v->images);
	}
}

void vfs_sleeps(struct vfs *v)
{
	if (v->slept_ns == 0)
		v->slept_ns = own_ns();
	images_invalidate(&v->images);
}

bool vfs_is_stale(const struct vfs *v)
{
	return v->slept_ns && own_ns() - v->slept_ns > SLEEP_NS;
}

const struct err *vfs_want_sets(struct vfs *v, uint64_t sets)
{
	if (vfs_is_stale(v)) {
		v->guest->slept(v->guest->context);
		v->wanted = 0;
		v->shadow.generation++;
		images_invalidate(&v->images);
	}
	v->slept_ns = 0;
	sets = workset_join(v->wanted, sets);
	if (sets != v->wanted) {
		TRY(v->guest->want(v->guest->context, sets));
		v->wanted = sets;
		v->snapshots++;
	}
	v->touched_ns = own_ns();
	return NULL;
}

const struct err *vfs_want(struct vfs *v, const char *path)
{
	return vfs_want_sets(v, needs_of(path));
}
