/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots. Input: attacker-controlled.
 *
 * The answer's records come in this order, all of one generation: BEGIN, info, frames and each vCPU
 * by its number, END. The VMM makes END while the VM is still paused, so equal generations prove
 * that it stood still in between.
 */
#include <string.h>

#include "remotetrans/base/check.h"
#include "remotetrans/client/session_internal.h"

enum snapshot_stage { WANT_BEGIN, WANT_INFO, WANT_STATE, COMPLETE };

struct snapshot_exchange {
	struct exchange x; /* first */
	enum snapshot_stage stage;
	uint64_t generation;
	struct vm_info info;
	struct vcpu vcpus[VCPUS_MAX];
	unsigned vcpu_count;
	uint64_t paused_ns;
};

static const struct err *snapshot_expect(struct exchange *x, struct verify_expect *ret)
{
	struct snapshot_exchange *s = (struct snapshot_exchange *)x;
	static const uint32_t frames =
		VERIFY_TYPE(RTVMM_RECORD_PAGE) | VERIFY_TYPE(RTVMM_RECORD_NOT_RAM);
	static const uint32_t types[] = {
		[WANT_BEGIN] = VERIFY_TYPE(RTVMM_RECORD_SNAPSHOT),
		[WANT_INFO] = VERIFY_TYPE(RTVMM_RECORD_INFO),
		[WANT_STATE] = frames | VERIFY_TYPE(RTVMM_RECORD_VCPU) |
			       VERIFY_TYPE(RTVMM_RECORD_SNAPSHOT),
		[COMPLETE] = 0,
	};

	ret->types = types[s->stage];
	ret->any_generation = s->stage == WANT_BEGIN;
	ret->generation = s->generation;
	if (s->stage == WANT_STATE) {
		ret->any_subject = frames | VERIFY_TYPE(RTVMM_RECORD_SNAPSHOT);
		ret->subject = s->vcpu_count;
		ret->kept = x->session->epoch ? &x->session->cache : NULL;
	}
	if (s->stage == COMPLETE)
		return ERR(ERR_INTEGRITY, "records after the end of the snapshot");
	return NULL;
}

static const struct err *accept_event(struct snapshot_exchange *s, const struct record *rec)
{
	struct snapshot_event event;
	bool begin = s->stage == WANT_BEGIN;

	TRY(record_snapshot_decode(rec, &event));
	if (event.event != (begin ? RTVMM_SNAPSHOT_BEGIN : RTVMM_SNAPSHOT_END))
		return ERR(ERR_INTEGRITY, "snapshot record: begin and end out of order");
	if (!CHECK(new_pause, !begin || rec->generation > s->x.session->generation))
		return ERR(ERR_INTEGRITY, "snapshot record: not a new pause of the VM");
	if (!CHECK(complete, begin || s->vcpu_count == s->info.vcpus))
		return ERR(ERR_INTEGRITY, "snapshot: the server left out registers");
	s->generation = rec->generation;
	s->paused_ns = event.paused_ns;
	s->stage = begin ? WANT_INFO : COMPLETE;
	return NULL;
}

static const struct err *accept_info(struct snapshot_exchange *s, const struct record *rec)
{
	TRY(record_info_decode(rec, &s->info));
	s->stage = WANT_STATE;
	return session_check_info(s->x.session, &s->info);
}

static const struct err *accept_vcpu(struct snapshot_exchange *s, const struct record *rec)
{
	if (s->vcpu_count == s->info.vcpus)
		return ERR(ERR_INTEGRITY, "snapshot: registers of more than %u vCPUs",
			   s->info.vcpus);
	return record_vcpu_decode(rec, &s->vcpus[s->vcpu_count++]);
}

static const struct err *accept_frame(struct session *s, const struct record *rec)
{
	s->counters.frames++;
	if (!rec->is_kept)
		return framecache_put(&s->spare, rec);
	s->counters.kept++;
	s->counters.saved_bytes += WIRE_RECORD_BYTES_MAX - WIRE_KEPT_BYTES;
	return framecache_keep(&s->spare, &s->cache, rec);
}

static const struct err *snapshot_accept(struct exchange *x, const struct record *rec)
{
	struct snapshot_exchange *s = (struct snapshot_exchange *)x;

	switch (rec->type) {
	case RTVMM_RECORD_SNAPSHOT:
		return accept_event(s, rec);
	case RTVMM_RECORD_INFO:
		return accept_info(s, rec);
	case RTVMM_RECORD_VCPU:
		return accept_vcpu(s, rec);
	default:
		return accept_frame(x->session, rec);
	}
}

static const struct err *send_snapshot(struct session *s, const struct exchange *x,
				       bool has_profile)
{
	uint8_t frames[8 * SESSION_EXTRAS_MAX];
	struct buf_writer w = buf_writer_over(frames, sizeof(frames));
	struct msg_snapshot m = {.sets = has_profile ? s->sets : 0,
				 .flags = s->epoch ? WIRE_SNAPSHOT_KEPT : 0,
				 .frames = {frames, 8 * s->extra_count}};

	memcpy(m.challenge, x->challenge, sizeof(m.challenge));
	if (s->profile)
		memcpy(m.profile, s->profile->hash, sizeof(m.profile));
	for (unsigned i = 0; i < s->extra_count; i++)
		TRY(buf_write_u64(&w, s->extras[i]));
	return frame_send_snapshot(&s->link.stream, x->request, &m, x->deadline_ns);
}

/* Whether the server has the profile it has not said yet: without it, it does not walk. */
const struct err *session_ask_snapshot(struct session *s)
{
	TRY(exchange_begin(&s->asked, s));
	s->is_asked = true;
	return send_snapshot(s, &s->asked, true);
}

/* The request whose answer is to be received now. */
static const struct err *ask(struct session *s, struct exchange *ret)
{
	if (s->is_asked) {
		s->is_asked = false;
		*ret = s->asked;
		return NULL;
	}
	TRY(exchange_begin(ret, s));
	return send_snapshot(s, ret, s->server_has_profile);
}

/* The statistics are the server's word; they decide nothing. */
static const struct err *take_statistics(struct session *s, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct session_counters *c = &s->counters;
	struct msg_snapshot_done m;

	TRY(msg_decode_snapshot_done(&r, &m));
	c->walk_us = m.walk_us;
	c->repair_us = m.repair_us;
	c->collect_us = m.collect_us;
	memcpy(c->remark, m.remark, sizeof(c->remark));
	link_make_plain(c->remark);
	return NULL;
}

/* From here on readers see the new snapshot and nothing of the old. */
static void install(struct session *s, const struct snapshot_exchange *x)
{
	struct framecache old = s->cache;

	s->cache = s->spare;
	s->spare = old;
	framecache_clear(&s->spare);
	s->generation = x->generation;
	s->vcpu_count = x->vcpu_count;
	memcpy(s->vcpus, x->vcpus, x->vcpu_count * sizeof(x->vcpus[0]));
	s->epoch++;
	s->frames.epoch++;
	s->counters.snapshots++;
	s->counters.paused_ns = x->paused_ns;
}

static const struct err *try_snapshot(struct session *s)
{
	struct snapshot_exchange x = {.stage = WANT_BEGIN};
	struct frame f;

	framecache_clear(&s->spare);
	TRY(ask(s, &x.x));
	x.x.expect = snapshot_expect;
	x.x.accept = snapshot_accept;
	TRY(exchange_receive(&x.x, MSG_SNAPSHOT_DONE, &f));
	if (!CHECK(complete, x.stage == COMPLETE))
		return ERR(ERR_INTEGRITY, "snapshot: the server left out %s",
			   x.stage == WANT_STATE ? "its end" : "its beginning or info");
	TRY(take_statistics(s, &f));
	install(s, &x);
	return NULL;
}

const struct err *session_take_snapshot(struct session *s)
{
	uint64_t until_ns = exchange_busy_until();
	const struct err *e;

	do
		e = try_snapshot(s);
	while (e && exchange_wait_busy(s, until_ns));
	return e;
}

const struct err *session_snapshot(struct session *s, uint64_t sets)
{
	if (s->is_asked && sets != s->sets)
		TRY(session_take_snapshot(s));
	s->sets = sets;
	s->rounds = 0;
	s->late = 0;
	return session_take_snapshot(s);
}
