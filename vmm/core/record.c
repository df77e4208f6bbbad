/* SPDX-License-Identifier: MIT */
/* Record headers and their tags. Input: nothing of the caller's but the challenge. */
#include "vmm/core/record.h"
#include "vmm/core/bytes.h"
#include "vmm/core/tag.h"

void record_make(const struct core *core, const struct vm *vm, const struct session *session,
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
	tag_make(session->key, what->counter, h, sizeof(*h), what->payload, what->payload_bytes,
		 ret->tag);
}

void record_confirm(const struct core *core, const struct vm *vm, struct session *session,
		    const uint8_t challenge[RTVMM_CHALLENGE_BYTES], uint8_t ret[RTVMM_TAG_BYTES])
{
	struct record_subject what = {.type = RTVMM_RECORD_CONFIRM, .challenge = challenge};
	struct rtvmm_record record;

	what.counter = session_take_counter(session);
	record_make(core, vm, session, &what, &record);
	bytes_copy(ret, record.tag, RTVMM_TAG_BYTES);
}
