/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What walk.c and its child have in common. */
#ifndef RT_SERVER_WALK_SHARED_H
#define RT_SERVER_WALK_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>

#include "remotetrans/server/walk.h"

/* Memory shared by both; written by the child, so read each member once and bound it. */
struct walk_shared {
	bool changes;    /* since the last walk, of whose sets; its frames go behind that one's */
	bool has_kernel; /* written by the child: it knows the guest's kernel */
	uint64_t sets;
	uint32_t timeout_ms; /* after this the child is ended */
	uint32_t vcpu_count;
	struct vcpu vcpus[VCPUS_MAX];
	char remark[WIRE_REMARK_MAX + 1];
	_Atomic uint32_t count;
	uint64_t frames[WALK_FRAMES_MAX];
};

/* The child's life: answer one byte for each byte on @fd until it closes. */
struct walk_child {
	int fd;
	const struct memory *memory;
	const char *text;
	size_t len_bytes;
	struct walk_shared *shared;
};
_Noreturn void walk_child_run(struct walk_child *c);

/* Give up everything but computing, answering on @fd, and mapping @foreign's frames (NULL: none).
 * Return: NULL, SYSTEM. */
MUST_CHECK const struct err *walk_confine(int fd, struct foreign *foreign);

#endif
