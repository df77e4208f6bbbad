/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames of a session: from the cache, by a new snapshot, or from the running VM. */
#include "remotetrans/base/check.h"
#include "remotetrans/client/session_internal.h"

#include <string.h>

#define READAHEAD_MAX 64
#define LATE_MAX      4096 /* round trips for what a snapshot lacks: then a guest's data are absurd */

/* --- READ -------------------------------------------------------------------------------- */

struct read_exchange {
	struct exchange x; /* first */
	const uint64_t *frames;
	unsigned count, next;
};

static const struct err *read_expect(struct exchange *x, struct verify_expect *ret)
{
	struct read_exchange *r = (struct read_exchange *)x;

	if (!CHECK(surplus, r->next < r->count))
		return ERR(ERR_INTEGRITY, "more frames than the %u asked for", r->count);
	ret->types = VERIFY_TYPE(RTVMM_RECORD_PAGE) | VERIFY_TYPE(RTVMM_RECORD_NOT_RAM);
	ret->subject = r->frames[r->next % r->count];
	ret->any_generation = true; /* somebody else's snapshot may be running */
	return NULL;
}

static const struct err *read_accept(struct exchange *x, const struct record *rec)
{
	struct read_exchange *r = (struct read_exchange *)x;

	r->next++;
	x->session->counters.frames++;
	return framecache_put(&x->session->cache, rec);
}

static const struct err *send_read(struct read_exchange *r)
{
	uint8_t frames[8 * WIRE_READ_FRAMES_MAX];
	struct buf_writer w = buf_writer_over(frames, sizeof(frames));
	struct msg_read m = {.frames = {frames, 8 * r->count}};

	memcpy(m.challenge, r->x.challenge, sizeof(m.challenge));
	for (unsigned i = 0; i < r->count; i++)
		TRY(buf_write_u64(&w, r->frames[i]));
	return frame_send_read(&r->x.session->link.stream, r->x.request, &m, r->x.deadline_ns);
}

const struct err *session_read_live(struct session *s, const uint64_t *frames, unsigned count)
{
	struct read_exchange r = {.x = {.expect = read_expect, .accept = read_accept},
				  .frames = frames,
				  .count = count};
	struct frame f;

	TRY(exchange_begin(&r.x, s));
	TRY(send_read(&r));
	TRY(exchange_receive(&r.x, MSG_DONE, &f));
	if (!CHECK(complete, r.next >= r.count))
		return ERR_AT(ERR_INTEGRITY, frames[r.next], "frame 0x%llx: the server left it out",
			      (unsigned long long)frames[r.next]);
	return NULL;
}

void session_forget(struct session *s)
{
	framecache_clear(&s->cache);
	s->frames.epoch++;
}

/* --- framesrc ---------------------------------------------------------------------------- */

/* The aligned group of @span around @frame, without what is cached already. */
static const struct err *fetch_group(struct session *s, gfn_t frame, unsigned span)
{
	uint64_t first = frame.v - frame.v % span, frames[READAHEAD_MAX];
	unsigned count = 0;

	if (s->cache.count + span > FRAMECACHE_FRAMES_MAX)
		return ERR_AT(ERR_RACE, frame.v, "more than %u frames would be read",
			      FRAMECACHE_FRAMES_MAX);
	for (unsigned i = 0; i < span; i++)
		if (!framecache_find(&s->cache, gfn(first + i)))
			frames[count++] = first + i;
	return session_read_live(s, frames, count);
}

static void remember(struct session *s, gfn_t frame)
{
	for (unsigned i = 0; i < s->extra_count; i++)
		if (s->extras[i] == frame.v)
			return;
	if (s->extra_count < SESSION_EXTRAS_MAX)
		s->extras[s->extra_count++] = frame.v;
}

static const struct err *miss(struct session *s, gfn_t frame)
{
	if (!s->epoch)
		return fetch_group(s, frame,
				   s->readahead < READAHEAD_MAX ? s->readahead : READAHEAD_MAX);
	s->counters.missed++;
	remember(s, frame);
	if (s->rounds < SESSION_ROUNDS_MAX) {
		s->rounds++;
		TRY(session_take_snapshot(s));
		return ERR_AT(ERR_RACE, frame.v,
			      "frame 0x%llx was not in the snapshot: a new one was taken",
			      (unsigned long long)frame.v);
	}
	s->counters.races++;
	if (s->late++ >= LATE_MAX)
		return ERR_AT(ERR_RACE, frame.v, "more than %u frames were not in the snapshot",
			      LATE_MAX);
	return fetch_group(s, frame, READAHEAD_MAX);
}

const struct err *session_get_frame(struct framesrc *src, gfn_t frame, const uint8_t **ret)
{
	struct session *s = (struct session *)src; /* first member */
	const struct framecache_entry *e = framecache_find(&s->cache, frame);

	if (!e) {
		TRY(miss(s, frame));
		e = framecache_find(&s->cache, frame);
	}
	if (!e || !e->page)
		return ERR_AT(ERR_FAULT, frame.v, "frame 0x%llx is not RAM",
			      (unsigned long long)frame.v);
	*ret = e->page->bytes;
	return NULL;
}
