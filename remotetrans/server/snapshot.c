/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collecting one pause. Input: attacker-controlled frame numbers, and a walk that is only a hint.
 */
#include "remotetrans/server/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "remotetrans/wire/record.h"
#include "remotetrans/wire/stream.h"

#define WALK_TIMEOUT_MS    3000 /* beside the running guest */
#define CHANGES_TIMEOUT_MS 400  /* in the pause */
#define REUSE_NS           UINT64_C(100000000)

/* One snapshot being collected. */
struct collection {
	struct snapshotter *s;
	const struct msg_snapshot *request;
	struct records *records;
	bool walks; /* the client wants what a walk finds */
	unsigned vcpu_count;
	uint64_t *frames; /* owned; sorted, each once */
	size_t frame_count;
};

void snapshotter_deinit(struct snapshotter *s)
{
	walk_stop(s->walk);
	free(s->known);
	s->walk = NULL;
	s->walked = (struct walk_result){.count = 0};
	s->reuse_until_ns = 0;
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

static struct backend_request make_request(const struct collection *c, enum rtvmm_op op)
{
	return (struct backend_request){.op = op, .challenge = c->request->challenge};
}

static const struct err *ask(struct collection *c, const struct backend_request *request)
{
	return c->s->backend->ops->ask(c->s->backend, request, c->records);
}

/* Its records come with the next ask(). */
static const struct err *post(struct collection *c, const struct backend_request *request)
{
	struct backend *b = c->s->backend;

	return b->ops->post ? b->ops->post(b, request, c->records) : ask(c, request);
}

/* The pause in which the record added last was made; 0: none, or there is no record. */
static uint64_t last_generation(const struct records *r)
{
	struct record_header h;
	size_t len;

	if (!r->count)
		return 0;
	const uint8_t *bytes = records_at(r, r->count - 1, &len);
	struct buf_reader reader = buf_reader_over(bytes, len);
	return record_header_decode(&reader, &h) ? 0 : h.generation;
}

static const struct err *begin_pause(struct collection *c)
{
	struct backend_request request = make_request(c, RTVMM_OP_SNAPSHOT_BEGIN);

	request.deadline_ms = c->request->deadline_ms;
	TRY(ask(c, &request));
	c->s->paused_at_ns = stream_now_ns();
	c->s->generation = last_generation(c->records);
	c->s->has_lapsed = false;
	return NULL;
}

static const struct err *end_pause(struct collection *c)
{
	struct backend_request request = make_request(c, RTVMM_OP_SNAPSHOT_END);

	return post(c, &request);
}

/* The payload of a record; it is the VMM's, and for our own use only. */
static struct record record_of(const struct records *r, size_t index)
{
	size_t len;
	const uint8_t *bytes = records_at(r, index, &len);

	return (struct record){.payload = bytes + WIRE_RECORD_HEAD_BYTES,
			       .payload_bytes = (uint32_t)(len - WIRE_RECORD_HEAD_BYTES)};
}

const struct err *snapshot_count_vcpus(const struct records *r, uint32_t *ret)
{
	struct record rec = record_of(r, r->count - 1);
	struct vm_info info;

	TRY(record_info_decode(&rec, &info));
	*ret = info.vcpus;
	return NULL;
}

static const struct err *ask_info(struct collection *c)
{
	struct backend_request request = make_request(c, RTVMM_OP_INFO);

	TRY(ask(c, &request));
	return snapshot_count_vcpus(c->records, &c->vcpu_count);
}

typedef const struct err *asker(struct collection *c, const struct backend_request *request);

/* By @ask_vcpu, ask() or post(). */
static const struct err *ask_vcpus(struct collection *c, asker *ask_vcpu)
{
	struct backend_request request = make_request(c, RTVMM_OP_VCPU);

	for (; request.count < c->vcpu_count; request.count++)
		TRY(ask_vcpu(c, &request));
	return NULL;
}

/* A vCPU's number, if record @index of @r is about one. */
static bool is_vcpu(const struct records *r, size_t index, uint64_t *ret)
{
	struct record_header h;
	size_t len;
	const uint8_t *bytes = records_at(r, index, &len);
	struct buf_reader reader = buf_reader_over(bytes, len);

	if (record_header_decode(&reader, &h) || h.type != RTVMM_RECORD_VCPU)
		return false;
	*ret = h.subject;
	return true;
}

/* Out of the records from @first on: the next walk begins with them. */
static void take_vcpus(struct snapshotter *s, const struct records *r, size_t first)
{
	uint64_t number;

	for (size_t i = first; i < r->count; i++) {
		struct record rec = record_of(r, i);

		if (!is_vcpu(r, i, &number) || number > s->vcpu_count || number >= VCPUS_MAX)
			continue;
		if (record_vcpu_decode(&rec, &s->vcpus[number]))
			continue;
		if (number == s->vcpu_count)
			s->vcpu_count++;
	}
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

/* What tells where the kernel is; the rest is nobody else's business. */
static void leave_hint(const struct snapshotter *s)
{
	const struct vcpu *v = &s->vcpus[0];

	if (s->hint && s->vcpu_count)
		*s->hint = (struct vcpu){.cr0 = v->cr0,
					 .cr3 = v->cr3,
					 .cr4 = v->cr4,
					 .efer = v->efer,
					 .idtr_base = v->idtr_base,
					 .online = v->online,
					 .has_lstar = v->has_lstar,
					 .lstar = v->lstar,
					 .syscall_callback = v->syscall_callback,
					 .event_callback = v->event_callback};
}

static bool take_hint(struct snapshotter *s)
{
	if (!s->hint || !s->hint->online)
		return false;
	s->vcpus[0] = *s->hint;
	s->vcpu_count = 1;
	return true;
}

/* Registers of any moment tell where the kernel is. */
static const struct err *need_vcpus(struct collection *c)
{
	struct backend_request request = make_request(c, RTVMM_OP_VCPU);

	if (c->s->vcpu_count)
		return NULL;
	TRY(ask(c, &request));
	take_vcpus(c->s, c->records, 0);
	records_clear(c->records);
	return NULL;
}

static void walk(struct collection *c, uint32_t timeout_ms, uint32_t *ret_us)
{
	struct snapshotter *s = c->s;

	walk_run(s->walk, c->request->sets, s->vcpus, s->vcpu_count, timeout_ms, &s->walked);
	*ret_us = s->walked.spent_us;
	s->walked_sets = c->request->sets;
	s->reuse_until_ns = stream_now_ns() + REUSE_NS + s->walked.spent_us * UINT64_C(2000);
	remember(s, &s->walked);
}

/* Who asks again at once, for what he missed, need not wait for another walk. */
static bool may_reuse(const struct collection *c)
{
	const struct snapshotter *s = c->s;

	return s->walked.has_kernel && s->walked_sets == c->request->sets &&
	       stream_now_ns() < s->reuse_until_ns;
}

/* Beside the running guest. */
static const struct err *walk_ahead(struct collection *c, struct msg_snapshot_done *done)
{
	struct snapshotter *s = c->s;

	snapshotter_prepare(s);
	if (!s->walk || may_reuse(c))
		return NULL;
	if (!s->vcpu_count && take_hint(s)) {
		walk(c, WALK_TIMEOUT_MS, &done->walk_us);
		if (s->walked.has_kernel)
			return NULL;
		s->vcpu_count = 0; /* page tables that are gone, another boot, or a lie */
	}
	TRY(need_vcpus(c));
	walk(c, WALK_TIMEOUT_MS, &done->walk_us);
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
static const struct err *choose_frames(struct collection *c)
{
	struct buf_reader named =
		buf_reader_over(c->request->frames.bytes, c->request->frames.len_bytes);
	size_t named_count = c->request->frames.len_bytes / 8;
	const struct walk_result none = {.count = 0};
	const struct walk_result *walked = c->walks ? &c->s->walked : &none;
	size_t known_count = walked->remark[0] ? c->s->known_count : 0;

	free(c->frames);
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

static const struct err *post_frames(struct collection *c, const uint64_t *frames, size_t count)
{
	for (size_t i = 0; i < count;) {
		struct backend_request request = make_request(c, RTVMM_OP_READ);
		size_t left = count - i;

		request.frames = frames + i;
		request.count =
			left < RTVMM_READ_FRAMES_MAX ? (uint32_t)left : RTVMM_READ_FRAMES_MAX;
		TRY(post(c, &request));
		i += request.count;
	}
	return NULL;
}

/* What is not among the frames that were asked for. */
static size_t pick_new(const struct collection *c, const struct walk_result *changes, uint64_t *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < changes->count; i++)
		if (!bsearch(&changes->frames[i], c->frames, c->frame_count, sizeof(*c->frames),
			     by_number))
			ret[count++] = changes->frames[i];
	return count;
}

static const struct err *post_changes(struct collection *c, const struct walk_result *changes)
{
	AUTO_FREE uint64_t *fresh = calloc(changes->count + 1, sizeof(*fresh));

	if (!fresh)
		return ERR(ERR_SYSTEM, "no memory for %zu frame numbers", changes->count);
	return post_frames(c, fresh, pick_new(c, changes, fresh));
}

/* --- the pause ---------------------------------------------------------------------------------
 */

/* Frames first: QEMU makes up the registers meanwhile. */
static const struct err *post_state(struct collection *c)
{
	TRY(ask_info(c));
	TRY(post_frames(c, c->frames, c->frame_count));
	return ask_vcpus(c, post);
}

/* The frames of the walk, while it looks for what has changed since. */
static const struct err *collect_changes(struct collection *c, struct msg_snapshot_done *done)
{
	struct walk_result changes;

	walk_changes_begin(c->s->walk, CHANGES_TIMEOUT_MS);
	const struct err *e = post_state(c);
	walk_changes_end(c->s->walk, &changes);
	TRY(e);
	done->repair_us = changes.spent_us;
	if (changes.frames == c->s->walked.frames + c->s->walked.count)
		c->s->walked.count += changes.count; /* the child does not find them again */
	return post_changes(c, &changes);
}

/* With the registers of this moment, and all of it in the pause. */
static const struct err *collect_walk(struct collection *c, struct msg_snapshot_done *done)
{
	TRY(ask_info(c));
	TRY(ask_vcpus(c, ask));
	take_vcpus(c->s, c->records, 0);
	walk(c, CHANGES_TIMEOUT_MS, &done->repair_us);
	TRY(choose_frames(c));
	return post_frames(c, c->frames, c->frame_count);
}

static const struct err *in_pause(struct collection *c, struct msg_snapshot_done *done)
{
	if (!c->s->walk || !c->walks)
		return post_state(c);
	return c->s->walked.has_kernel ? collect_changes(c, done) : collect_walk(c, done);
}

static uint32_t us_since(uint64_t started_ns)
{
	return (uint32_t)((stream_now_ns() - started_ns) / 1000);
}

static const struct err *take(struct collection *c, struct msg_snapshot_done *done)
{
	c->walks = wants_walk(c->s, c->request);
	if (c->walks)
		TRY(walk_ahead(c, done));
	TRY(choose_frames(c));
	TRY(begin_pause(c));
	TRY(in_pause(c, done));
	TRY(end_pause(c));
	if (c->walks)
		memcpy(done->remark, c->s->walked.remark, sizeof(done->remark));
	take_vcpus(c->s, c->records, 0);
	return NULL;
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

const struct err *snapshotter_receive(struct snapshotter *s, struct records *ret,
				      struct msg_snapshot_done *done, bool *ret_more)
{
	struct backend *b = s->backend;
	size_t had = ret->count;

	*ret_more = false;
	if (b->ops->receive)
		TRY(b->ops->receive(b, ret, ret_more));
	take_vcpus(s, ret, had);
	/* reads go on after the pause; that it was too short, its end says, which comes last */
	s->has_lapsed |= ret->count > had && last_generation(ret) != s->generation;
	if (*ret_more)
		return NULL;
	done->collect_us = us_since(s->paused_at_ns);
	leave_hint(s);
	return NULL;
}
