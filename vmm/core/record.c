/* SPDX-License-Identifier: MIT */
/* Record headers and their tags. Input: nothing of the caller's but the challenge. */
#include "vmm/core/record.h"
#include "vmm/core/bytes.h"
#include "vmm/core/tag.h"

void record_describe(const struct core *core, const struct vm *vm, const struct session *session,
		     const struct record_subject *what, struct rtvmm_record *ret)
{
	struct rtvmm_header *h = &ret->header;

	bytes_zero(ret, sizeof(*ret));
	h->magic = RTVMM_MAGIC;
	h->version = RTVMM_VERSION;
	h->type = (uint32_t)what->type;
	h->payload_bytes = what->payload_bytes;
	bytes_copy(h->instance_id, session->instance_id, sizeof(h->instance_id));
	bytes_copy(h->uuid, vm->uuid, sizeof(h->uuid));
	bytes_copy(h->boot_id, core->boot_id, sizeof(h->boot_id));
	h->session = session->number;
	h->counter = what->counter;
	bytes_copy(h->challenge, what->challenge, sizeof(h->challenge));
	h->subject = what->subject;
	h->generation = what->generation;
	h->taken_ns = what->taken_ns;
}

void record_tag(const struct session *session, struct rtvmm_record *record, const void *payload)
{
	const struct rtvmm_header *h = &record->header;

	tag_make(session->key, h->counter, h, sizeof(*h), payload, h->payload_bytes, record->tag);
}

void record_confirm(const struct core *core, const struct vm *vm, struct session *session,
		    const uint8_t challenge[RTVMM_CHALLENGE_BYTES], uint8_t ret[RTVMM_TAG_BYTES])
{
	struct record_subject what = {.type = RTVMM_RECORD_CONFIRM, .challenge = challenge};
	struct rtvmm_record record;

	what.counter = session_take_counter(session);
	record_describe(core, vm, session, &what, &record);
	record_tag(session, &record, what.payload);
	bytes_copy(ret, record.tag, RTVMM_TAG_BYTES);
}
