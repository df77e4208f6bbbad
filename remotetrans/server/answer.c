/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers to a client. */
#include <stdio.h>

#include "remotetrans/server/client.h"
#include "remotetrans/server/journal.h"

#define MESSAGE_TIMEOUT_MS 30000

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

static const struct err *send_chunk(struct client *c, uint16_t request, size_t first, size_t count)
{
	const struct records *r = &c->records;
	size_t start = first ? r->ends[first - 1] : 0;
	size_t len = r->ends[first + count - 1] - start;
	struct msg_records m = {.count = (uint32_t)count,
				.bytes = {r->bytes + start, (uint32_t)len}};

	return frame_send_records(&c->stream, request, &m, answer_deadline_ns());
}

const struct err *answer_records(struct client *c, const struct frame *f)
{
	for (size_t i = 0; i < c->records.count; i += WIRE_RECORDS_MAX) {
		size_t left = c->records.count - i;

		TRY(send_chunk(c, f->request, i,
			       left < WIRE_RECORDS_MAX ? left : WIRE_RECORDS_MAX));
	}
	return NULL;
}

const struct err *answer_done(struct client *c, uint16_t request, size_t count)
{
	struct msg_done m = {.count = (uint32_t)count};

	return frame_send_done(&c->stream, request, &m, answer_deadline_ns());
}
