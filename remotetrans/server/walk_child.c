/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk itself, in its child: the readers of kobj over the local mapping.
 * Input: attacker-controlled profile text and guest memory; nothing else can be reached from here.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "remotetrans/client/gmem.h"
#include "remotetrans/server/walk_shared.h"
#include "transcall/proc/workset.h"

#define CALLS_PER_LOOK 1024u      /* at the clock: some tens of microseconds */
#define WALK_POOL      (1u << 25) /* of work on what is larger than usual: some 300 ms */

/* What these sets cover hardly moves while a process lives and executes the same program: for this
 * long a walk of them only has to be brought up to date. */
#define LASTING_SETS (WORKSET_TASKS | WORKSET_SYSTEM | WORKSET_NAMES)
#define LASTING_NS   UINT64_C(10000000000)

/* Records each frame once. */
struct recorder {
	struct framesrc src; /* first */
	const struct memory *memory;
	struct walk_shared *shared;
	uint8_t *seen; /* one bit a frame, up to max_frame */
	uint64_t max_frame;
	uint64_t deadline_ns;
	uint32_t count;
	uint32_t calls;
};

static void record(struct recorder *r, gfn_t frame)
{
	if (frame.v > r->max_frame || r->seen[frame.v / 8] >> (frame.v % 8) & 1 ||
	    r->count == WALK_FRAMES_MAX)
		return;
	r->seen[frame.v / 8] |= (uint8_t)(1 << frame.v % 8);
	r->shared->frames[r->count++] = frame.v;
	atomic_store(&r->shared->count, r->count);
}

/* Machine frames of a large host are too many to clear all their bits for each walk. */
static void forget(struct recorder *r)
{
	for (uint32_t i = 0; i < r->count; i++)
		r->seen[r->shared->frames[i] / 8] = 0;
	r->count = 0;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* A walk that ends by itself keeps what it has found, and its process. */
static const struct err *check_time(struct recorder *r)
{
	if (++r->calls % CALLS_PER_LOOK == 0 && now_ns() > r->deadline_ns)
		return ERR(ERR_SYSTEM, "there is more to walk over than time for it");
	return NULL;
}

static const struct err *recorder_get(struct framesrc *src, gfn_t frame, const uint8_t **ret)
{
	struct recorder *r = (struct recorder *)src;

	TRY(check_time(r));
	record(r, frame);
	*ret = memory_frame(r->memory, frame);
	if (!*ret)
		return ERR_AT(ERR_FAULT, frame.v, "frame 0x%llx is not RAM",
			      (unsigned long long)frame.v);
	return NULL;
}

static const struct err *recorder_init(struct recorder *r, const struct walk_child *c)
{
	*r = (struct recorder){.src = {.get = recorder_get, .keeps = !c->memory->foreign},
			       .memory = c->memory,
			       .shared = c->shared,
			       .max_frame = memory_max_frame(c->memory)};
	r->seen = calloc(1, r->max_frame / 8 + 1);
	return r->seen ? NULL : ERR(ERR_SYSTEM, "no memory for the walk");
}

/* What a walk leaves for a look at what has changed since. */
struct walker {
	struct recorder recorder;
	struct gmem *gm;
	struct profile *profile;
	struct kernel kernel;
	bool has_kernel;
	struct workset_marks marks, marks_before;
	uint64_t sets; /* of the last whole walk */
	uint64_t lasts_until_ns;
};

static void set_deadline(struct recorder *r)
{
	r->deadline_ns = now_ns() + r->shared->timeout_ms * UINT64_C(750000); /* 3/4 of it */
}

/* The registers may be those of an earlier moment: then the kernel is where it was. */
static const struct err *attach(struct walker *w)
{
	static struct vcpu vcpus[VCPUS_MAX];
	const struct walk_shared *shared = w->recorder.shared;
	unsigned count = shared->vcpu_count < VCPUS_MAX ? shared->vcpu_count : VCPUS_MAX;
	struct kernel found;

	memcpy(vcpus, shared->vcpus, count * sizeof(vcpus[0]));
	gmem_init(w->gm, &w->recorder.src, vcpus[0].cr4);
	const struct err *e = kernel_attach(&found, &w->gm->src, w->profile, vcpus, count);
	if (e && !w->has_kernel)
		return e;
	if (!e)
		w->kernel = found;
	kernel_set_vcpus(&w->kernel, vcpus, count);
	w->has_kernel = true;
	return NULL;
}

static const struct err *look(struct walker *w, struct proc_view *view)
{
	*view = (struct proc_view){.refresh = NULL}; /* nothing changes under a walk */
	TRY(proc_view_init(view, &w->kernel, 1));
	work_fill(&view->work, WALK_POOL);
	return NULL;
}

/* Marks are from before the walk: whatever changes during it has changed since. */
static const struct err *walk_whole(struct walker *w)
{
	struct recorder *r = &w->recorder;
	struct proc_view view;

	forget(r);
	w->marks.count = 0;
	w->sets = r->shared->sets;
	w->lasts_until_ns = 0;
	TRY(attach(w));
	TRY(look(w, &view));
	TRY(workset_mark(&view, &w->marks));
	TRY(workset_walk(&view, w->sets));
	if (!(w->sets & ~LASTING_SETS))
		w->lasts_until_ns = now_ns() + LASTING_NS;
	return NULL;
}

/* What the last walk has found, and what has changed since. */
static const struct err *walk_on(struct walker *w)
{
	struct workset_marks marks = w->marks_before;
	struct proc_view view;

	w->marks_before = w->marks;
	w->marks = marks;
	atomic_store(&w->recorder.shared->count, w->recorder.count);
	gmem_flush(w->gm);
	TRY(look(w, &view));
	TRY(workset_mark(&view, &w->marks));
	return workset_walk_changes(&view, w->sets, &w->marks_before);
}

static const struct err *walk_ahead(struct walker *w)
{
	if (w->sets == w->recorder.shared->sets && now_ns() < w->lasts_until_ns && !walk_on(w))
		return NULL;
	return walk_whole(w);
}

static const struct err *walk_changes(struct walker *w)
{
	struct proc_view view;

	if (!w->has_kernel)
		return ERR(ERR_SYSTEM, "nothing was walked before");
	gmem_flush(w->gm);
	TRY(look(w, &view));
	return workset_walk_changes(&view, w->recorder.shared->sets, &w->marks);
}

static const struct err *walk_once(struct walker *w)
{
	struct walk_shared *shared = w->recorder.shared;

	set_deadline(&w->recorder);
	const struct err *e = shared->changes ? walk_changes(w) : walk_ahead(w);
	shared->has_kernel = w->has_kernel;
	return e;
}

static const struct err *prepare(const struct walk_child *c, struct walker *w)
{
	TRY(walk_confine(c->fd, c->memory->foreign));
	TRY(recorder_init(&w->recorder, c));
	w->gm = malloc(sizeof(*w->gm));
	w->profile = malloc(sizeof(*w->profile));
	if (!w->gm || !w->profile)
		return ERR(ERR_SYSTEM, "no memory for the walk");
	return profile_parse(c->text, c->len_bytes, w->profile);
}

static void say(struct walk_shared *shared, const struct err *e)
{
	shared->remark[0] = 0;
	if (e)
		snprintf(shared->remark, sizeof(shared->remark), "%s: %.200s",
			 err_kind_name(e->kind), e->message);
}

/* The next request. Mappings of frames do not outlive a pause between them. */
static bool wait_request(const struct walk_child *c)
{
	struct pollfd p = {.fd = c->fd, .events = POLLIN};
	struct foreign *foreign = c->memory->foreign;
	uint8_t byte;

	if (foreign && poll(&p, 1, FOREIGN_KEEP_MS) == 0)
		foreign_release(foreign);
	return read(c->fd, &byte, 1) == 1;
}

_Noreturn void walk_child_run(struct walk_child *c)
{
	static struct walker walker;
	const uint8_t byte = 1;
	const struct err *unusable = prepare(c, &walker);

	say(c->shared, unusable);
	while (wait_request(c)) {
		if (!unusable)
			say(c->shared, walk_once(&walker));
		if (write(c->fd, &byte, 1) != 1)
			break;
	}
	_exit(0);
}
