/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers to a client. */
#include <stdio.h>

#include "remotetrans/server/client.h"
#include "remotetrans/server/journal.h"

#define MESSAGE_TIMEOUT_MS 30000
#define CHUNK_BYTES        (16 * WIRE_RECORD_BYTES_MAX) /* the client is at work while the rest comes */

uint64_t answer_deadline_ns(void)
{
	return stream_after_ms(MESSAGE_TIMEOUT_MS);
}

const struct err *answer_refuse(struct client *c, uint16_t request, enum wire_error kind,
				const char *message)
{
	struct msg_error m = {.kind = kind};

	snprintf(m.message, sizeof(m.message), "%.*s", (int)WIRE_REMARK_MAX, message);
	return frame_send_error(&c->stream, request, &m, answer_deadline_ns());
}

/* What the backend's refusal means for the client. Only a busy VMM leaves all as it was. */
const struct err *answer_backend_failed(struct client *c, uint16_t request, const struct err *e)
{
	switch (c->backend ? c->backend->status : 0) {
	case RTVMM_EBUSY:
	case RTVMM_ETIME:
		return answer_refuse(c, request, WIRE_ERROR_BUSY,
				     "the VM may not be paused now, or not for so long");
	case RTVMM_ENOVM:
	case RTVMM_ENOSESSION:
		c->finished = true;
		return answer_refuse(c, request, WIRE_ERROR_VM_GONE,
				     "the session with the VMM has ended");
	default:
		c->finished = true;
		journal_say("VM %s: %s: %s", c->vm->name, err_kind_name(e->kind), e->message);
		return answer_refuse(
			c, request, WIRE_ERROR_BACKEND,
			"the VM's backend failed (the reason is in remotetransd's log)");
	}
}

/* Records from @first on, for one message. */
static struct msg_records chunk(const struct records *r, size_t first)
{
	size_t start = first ? r->ends[first - 1] : 0, i = first;

	while (i < r->count && r->ends[i] - start <= CHUNK_BYTES)
		i++;
	return (struct msg_records){
		.count = (uint32_t)(i - first),
		.bytes = {r->bytes + start, (uint32_t)(r->ends[i - 1] - start)}};
}

static const struct err *send_chunk(struct client *c, uint16_t request, const struct msg_records *m)
{
	const struct stream *s = &c->stream;
	uint64_t started_ns = stream_now_ns(), sent = s->bytes_sent, blocked_ns = s->blocked_ns;
	struct msg_packed packed;
	bool is_packed = c->takes_packed && c->is_far && c->pace.is_slow &&
			 pack_records(&c->packer, m, &packed);

	if (is_packed)
		TRY(frame_send_packed(&c->stream, request, &packed, answer_deadline_ns()));
	else
		TRY(frame_send_records(&c->stream, request, m, answer_deadline_ns()));
	pace_note(&c->pace, s->bytes_sent - sent, stream_now_ns() - started_ns,
		  s->blocked_ns - blocked_ns);
	return NULL;
}

const struct err *answer_some(struct client *c, uint16_t request, size_t *first)
{
	struct msg_records m = chunk(&c->records, *first);

	*first += m.count;
	return send_chunk(c, request, &m);
}

const struct err *answer_records(struct client *c, const struct frame *f, size_t first)
{
	while (first < c->records.count)
		TRY(answer_some(c, f->request, &first));
	return NULL;
}

const struct err *answer_done(struct client *c, uint16_t request, size_t count)
{
	struct msg_done m = {.count = (uint32_t)count};

	return frame_send_done(&c->stream, request, &m, answer_deadline_ns());
}
