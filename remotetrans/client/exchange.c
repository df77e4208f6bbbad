/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests answered by records; every one passes verify. Input: attacker-controlled. */
#include "remotetrans/client/session_internal.h"

#include <string.h>
#include <time.h>

#include <openssl/rand.h>

#include "remotetrans/base/check.h"

#define BUSY_WAIT_MS       100
#define BUSY_WAIT_TOTAL_MS 13000 /* the pause budget is per 10 s, counted from the end of a pause  \
				  */

const struct err *exchange_begin(struct exchange *x, struct session *s)
{
	if (s->is_asked)
		TRY(session_take_snapshot(s));
	x->session = s;
	s->link.refusal = 0;
	x->request = link_next_request(&s->link);
	x->deadline_ns = stream_after_ms(s->target->timeout_ms);
	if (RAND_bytes(x->challenge, sizeof(x->challenge)) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL cannot draw a challenge");
	return NULL;
}

/* The first frame that the records at @r claim to be; for a message only. */
static bool first_frame(struct buf_reader r, uint64_t *ret)
{
	struct record_header h;
	struct kept_record kept;
	uint32_t payload_bytes;

	for (unsigned i = 0; i < WIRE_RECORDS_MAX; i++) {
		if (record_is_kept(r)) {
			const struct err *cut = record_kept_decode(&r, &kept);

			*ret = cut ? 0 : kept.frame;
			return !cut;
		}
		const struct err *e = record_header_decode(&r, &h);

		if (e || !record_payload_bytes(h.type, &payload_bytes))
			return false;
		*ret = h.subject;
		if (h.type == RTVMM_RECORD_PAGE || h.type == RTVMM_RECORD_NOT_RAM)
			return true;
		e = buf_skip(&r, RTVMM_TAG_BYTES + (size_t)payload_bytes);
		if (e)
			return false;
	}
	return false;
}

/* A refused record that is no frame takes the frames of its message with it: name one. */
static const struct err *name_frame(const struct err *e, struct buf_reader records)
{
	char cause[sizeof(e->message)];
	uint64_t frame;

	if (e->kind != ERR_INTEGRITY || strncmp(e->message, "frame ", 6) == 0)
		return e;
	memcpy(cause, e->message, sizeof(cause));
	if (!first_frame(records, &frame))
		return ERR(ERR_INTEGRITY, "%s", cause);
	return ERR_AT(ERR_INTEGRITY, frame, "%s; with it frame 0x%llx and all that follow it",
		      cause, (unsigned long long)frame);
}

static const struct err *take_record(struct exchange *x, struct buf_reader *records)
{
	struct verify_expect expect = {.challenge = x->challenge};
	struct record rec;

	TRY(x->expect(x, &expect));
	TRY(verify_record(&x->session->verify, &expect, records, &rec));
	return x->accept(x, &rec);
}

/* RECORDS or PACKED. */
static const struct err *open_message(struct session *s, const struct frame *f,
				      struct msg_records *ret)
{
	struct buf_reader r = frame_reader(f);
	struct msg_packed packed;

	if (f->type == MSG_RECORDS)
		return msg_decode_records(&r, ret);
	TRY(msg_decode_packed(&r, &packed));
	TRY(unpack_records(&s->packer, &packed, ret));
	s->counters.packed_bytes += packed.bytes.len_bytes;
	if (ret->bytes.len_bytes > packed.bytes.len_bytes)
		s->counters.saved_bytes += ret->bytes.len_bytes - packed.bytes.len_bytes;
	return NULL;
}

static const struct err *take_records(struct exchange *x, const struct frame *f)
{
	struct msg_records m;

	TRY(open_message(x->session, f, &m));
	if (!m.count || m.count > WIRE_RECORDS_MAX)
		return ERR(ERR_PROTO, "message with %u records", m.count);
	struct buf_reader records = buf_reader_over(m.bytes.bytes, m.bytes.len_bytes);
	for (uint32_t i = 0; i < m.count; i++) {
		struct buf_reader from_here = records;
		const struct err *e = take_record(x, &records);

		if (e)
			return name_frame(e, from_here);
	}
	return buf_reader_end(&records);
}

const struct err *exchange_receive(struct exchange *x, enum msg_type last, struct frame *ret)
{
	struct session *s = x->session;
	uint32_t types = 1u << MSG_RECORDS | 1u << last;

	if (CHECK(packed_asked, s->target->compress))
		types |= 1u << MSG_PACKED;
	do {
		TRY(link_receive(&s->link, x->request, types, x->deadline_ns, ret));
		if (ret->type != last)
			TRY(take_records(x, ret));
	} while (ret->type != last);
	if (stream_now_ns() >= x->deadline_ns)
		return ERR(ERR_PEER, "server %s: the answer took longer than %u ms (timeout_ms=)",
			   s->target->server, s->target->timeout_ms);
	return NULL;
}

uint64_t exchange_busy_until(void)
{
	return stream_after_ms(BUSY_WAIT_TOTAL_MS);
}

bool exchange_wait_busy(const struct session *s, uint64_t until_ns)
{
	const struct timespec wait = {.tv_nsec = BUSY_WAIT_MS * 1000000L};

	if (s->link.refusal != WIRE_ERROR_BUSY || stream_now_ns() >= until_ns)
		return false;
	nanosleep(&wait, NULL);
	return true;
}
