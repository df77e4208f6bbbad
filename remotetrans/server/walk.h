/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk - which frames a client's readers are going to touch, found by running the same readers
 * here.
 *
 * They run over the local mapping in a child that can do nothing but compute: no files, no sockets,
 * no new processes. Guest and profile are hostile to it; what it says is a hint and is bounded.
 * This is the only part of the server that knows kernel objects.
 */
#ifndef RT_SERVER_WALK_H
#define RT_SERVER_WALK_H

#include "remotetrans/base/vcpu.h"
#include "remotetrans/server/memory.h"
#include "remotetrans/wire/msg.h"

#define WALK_FRAMES_MAX 131072u

struct walk;

struct walk_result {
	const uint64_t *frames; /* borrowed until the next run */
	size_t count;
	uint32_t spent_us;
	bool has_kernel;                  /* it got as far as knowing the guest's kernel */
	char remark[WIRE_REMARK_MAX + 1]; /* why it is incomplete; else empty */
};

/**
 * walk_start() - make the child
 * @m:    borrowed, must outlive the walk
 * @text: profile, parsed by the child
 *
 * Return: NULL; SYSTEM.
 */
MUST_CHECK const struct err *walk_start(const struct memory *m, const char *text, size_t len_bytes,
					struct walk **ret);
void walk_stop(struct walk *w);

/**
 * walk_run() - let the readers of @sets run
 * @vcpu_count: at most VCPUS_MAX
 *
 * A child that is too slow or dies is ended; the frames it found until then are returned, with a
 * remark, and the next run says that there is no child any more.
 */
void walk_run(struct walk *w, uint64_t sets, const struct vcpu *vcpus, unsigned vcpu_count,
	      uint32_t timeout_ms, struct walk_result *ret);

/**
 * walk_changes_begin() - let the child look for what has changed since walk_run(), and go on
 *
 * What that one found stays valid. To be followed by walk_changes_end(), which waits for the child
 * and has the frames that are new; as walk_run() otherwise.
 */
void walk_changes_begin(struct walk *w, uint32_t timeout_ms);
void walk_changes_end(struct walk *w, struct walk_result *ret);

/* False: the child was ended. */
bool walk_is_alive(const struct walk *w);

#endif
