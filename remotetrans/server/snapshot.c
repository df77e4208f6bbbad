/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collecting one pause. Input: attacker-controlled frame numbers, and a walk that is only a hint.
 */
#include "remotetrans/server/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "remotetrans/wire/record.h"
#include "remotetrans/wire/stream.h"

#define WALK_TIMEOUT_MS   3000 /* beside the running guest */
#define REPAIR_TIMEOUT_MS 400  /* in the pause */
#define WARM_MS           (FOREIGN_KEEP_MS - 500)

/* One snapshot being collected. */
struct collection {
	struct snapshotter *s;
	const struct msg_snapshot *request;
	struct records *records;
	struct vcpu vcpus[VCPUS_MAX];
	unsigned vcpu_count;
	uint64_t *frames; /* owned; sorted, each once */
	size_t frame_count;
};

void snapshotter_deinit(struct snapshotter *s)
{
	walk_stop(s->walk);
	free(s->known);
	s->walk = NULL;
	s->known = NULL;
	s->known_count = 0;
}

/* --- the walk ----------------------------------------------------------------------------------
 */

void snapshotter_prepare(struct snapshotter *s)
{
	const struct memory *memory = s->backend->ops->memory(s->backend);
	const struct profile_text *p = s->profile;

	if (s->walk && walk_is_alive(s->walk) &&
	    memcmp(s->walk_hash, p->hash, sizeof(p->hash)) == 0)
		return;
	snapshotter_deinit(s);
	s->warm_until_ns = 0;
	if (!memory || !p->text)
		return;
	memcpy(s->walk_hash, p->hash, sizeof(p->hash));
	/* Without a walk the client asks for what it misses. */
	IGNORE(walk_start(memory, p->text, p->len_bytes, &s->walk));
}

static bool wants_walk(const struct snapshotter *s, const struct msg_snapshot *m)
{
	return m->sets && s->profile->text &&
	       memcmp(m->profile, s->profile->hash, WIRE_HASH_BYTES) == 0;
}

static const struct err *ask_simple(struct collection *c, enum rtvmm_op op, uint32_t count)
{
	struct backend_request request = {
		.op = op,
		.challenge = c->request->challenge,
		.count = count,
		.deadline_ms = op == RTVMM_OP_SNAPSHOT_BEGIN ? c->request->deadline_ms : 0};

	return c->s->backend->ops->ask(c->s->backend, &request, c->records);
}

/* The payload of the record added last; it is the VMM's, and for our own use only. */
static struct record last_record(const struct records *r)
{
	size_t len;
	const uint8_t *bytes = records_at(r, r->count - 1, &len);

	return (struct record){.payload = bytes + WIRE_RECORD_HEAD_BYTES,
			       .payload_bytes = (uint32_t)(len - WIRE_RECORD_HEAD_BYTES)};
}

const struct err *snapshot_count_vcpus(const struct records *r, uint32_t *ret)
{
	struct record rec = last_record(r);
	struct vm_info info;

	TRY(record_info_decode(&rec, &info));
	*ret = info.vcpus;
	return NULL;
}

static const struct err *ask_vcpu(struct collection *c, unsigned number)
{
	TRY(ask_simple(c, RTVMM_OP_VCPU, number));
	struct record rec = last_record(c->records);
	return record_vcpu_decode(&rec, &c->vcpus[number]);
}

/* Info and all registers. */
static const struct err *ask_state(struct collection *c)
{
	uint32_t vcpus;

	TRY(ask_simple(c, RTVMM_OP_INFO, 0));
	TRY(snapshot_count_vcpus(c->records, &vcpus));
	for (c->vcpu_count = 0; c->vcpu_count < vcpus; c->vcpu_count++)
		TRY(ask_vcpu(c, c->vcpu_count));
	return NULL;
}

/* Mappings of a file stay; others are given up when no walk uses them. */
static void has_walked(struct snapshotter *s)
{
	const struct memory *memory = s->backend->ops->memory(s->backend);

	s->warm_until_ns = memory->foreign ? stream_after_ms(WARM_MS) : UINT64_MAX;
}

/* Without memory for a copy there is none: it only helps a walk that is cut off. */
static void remember(struct snapshotter *s, const struct walk_result *walked)
{
	uint64_t *copy = walked->remark[0] ? NULL : reallocarray(s->known, walked->count + 1, 8);

	if (!copy)
		return;
	if (walked->count)
		memcpy(copy, walked->frames, walked->count * 8);
	s->known = copy;
	s->known_count = walked->count;
}

/* Beside the running guest: brings the mapping into our page tables before the pause. */
static const struct err *warm_up(struct collection *c, struct msg_snapshot_done *done)
{
	struct walk_result result;

	snapshotter_prepare(c->s);
	if (!c->s->walk || stream_now_ns() < c->s->warm_until_ns)
		return NULL;
	TRY(ask_vcpu(c, 0));
	records_clear(c->records);
	walk_run(c->s->walk, c->request->sets, c->vcpus, 1, WALK_TIMEOUT_MS, &result);
	done->walk_us = result.spent_us;
	remember(c->s, &result);
	has_walked(c->s);
	return NULL;
}

/* --- frames ------------------------------------------------------------------------------------
 */

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void sort_unique(struct collection *c)
{
	size_t kept = 0;

	qsort(c->frames, c->frame_count, sizeof(*c->frames), by_number);
	for (size_t i = 0; i < c->frame_count; i++)
		if (!kept || c->frames[kept - 1] != c->frames[i])
			c->frames[kept++] = c->frames[i];
	c->frame_count = kept;
}

static void add_frames(struct collection *c, const uint64_t *frames, size_t count)
{
	if (count)
		memcpy(c->frames + c->frame_count, frames, count * 8);
	c->frame_count += count;
}

/* What the client named, and what the walk touched; one that was cut off would have touched about
 * what the last one did. */
static const struct err *choose_frames(struct collection *c, const struct walk_result *walked)
{
	struct buf_reader named =
		buf_reader_over(c->request->frames.bytes, c->request->frames.len_bytes);
	size_t named_count = c->request->frames.len_bytes / 8;
	size_t known_count = walked->remark[0] ? c->s->known_count : 0;

	c->frames = calloc(named_count + walked->count + known_count + 1, sizeof(*c->frames));
	if (!c->frames)
		return ERR(ERR_SYSTEM, "no memory for %zu frame numbers", walked->count);
	for (size_t i = 0; i < named_count; i++)
		TRY(buf_read_u64(&named, &c->frames[i]));
	c->frame_count = named_count;
	add_frames(c, walked->frames, walked->count);
	add_frames(c, c->s->known, known_count);
	sort_unique(c);
	return NULL;
}

static const struct err *ask_frames(struct collection *c)
{
	struct backend *b = c->s->backend;

	for (size_t i = 0; i < c->frame_count;) {
		size_t left = c->frame_count - i;
		struct backend_request request = {.op = RTVMM_OP_READ,
						  .challenge = c->request->challenge,
						  .frames = c->frames + i,
						  .count = left < RTVMM_READ_FRAMES_MAX
								   ? (uint32_t)left
								   : RTVMM_READ_FRAMES_MAX};

		TRY(b->ops->ask(b, &request, c->records));
		i += request.count;
	}
	return NULL;
}

/* --- the pause ---------------------------------------------------------------------------------
 */

static uint32_t us_since(uint64_t started_ns)
{
	return (uint32_t)((stream_now_ns() - started_ns) / 1000);
}

static const struct err *in_pause(struct collection *c, struct msg_snapshot_done *done)
{
	struct walk_result walked = {.count = 0};

	TRY(ask_state(c));
	if (c->s->walk && wants_walk(c->s, c->request)) {
		walk_run(c->s->walk, c->request->sets, c->vcpus, c->vcpu_count, REPAIR_TIMEOUT_MS,
			 &walked);
		remember(c->s, &walked);
		has_walked(c->s);
		done->repair_us = walked.spent_us;
		memcpy(done->remark, walked.remark, sizeof(done->remark));
	}
	uint64_t started_ns = stream_now_ns();
	TRY(choose_frames(c, &walked));
	TRY(ask_frames(c));
	done->collect_us = us_since(started_ns);
	return NULL;
}

static const struct err *take(struct collection *c, struct msg_snapshot_done *done)
{
	if (wants_walk(c->s, c->request))
		TRY(warm_up(c, done));
	TRY(ask_simple(c, RTVMM_OP_SNAPSHOT_BEGIN, 0));
	TRY(in_pause(c, done));
	return ask_simple(c, RTVMM_OP_SNAPSHOT_END, 0);
}

const struct err *snapshotter_take(struct snapshotter *s, const struct msg_snapshot *m,
				   struct records *ret, struct msg_snapshot_done *done)
{
	struct collection *c = calloc(1, sizeof(*c));

	if (!c)
		return ERR(ERR_SYSTEM, "no memory for a snapshot");
	*c = (struct collection){.s = s, .request = m, .records = ret};
	*done = (struct msg_snapshot_done){0};
	const struct err *e = take(c, done);
	free(c->frames);
	free(c);
	return e;
}
