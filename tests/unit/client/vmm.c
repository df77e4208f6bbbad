/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The VMM core behind the client. */
#include "tests/unit/client/vmm.h"

#include <stdlib.h>
#include <string.h>

#include "vmm/core/tag.h"

void vmm_init(struct vmm *v)
{
	*v = (struct vmm){.core = fake_new()};
	memset(v->challenge, 7, sizeof(v->challenge));
}

void vmm_deinit(struct vmm *v)
{
	fake_free(v->core);
}

static struct rtvmm_request request(struct vmm *v, enum rtvmm_op op, uint32_t count)
{
	struct rtvmm_request r = {
		.version = RTVMM_VERSION, .op = op, .session = v->session, .count = count};

	v->challenge[0]++;
	memcpy(r.challenge, v->challenge, sizeof(r.challenge));
	return r;
}

static struct buf_reader run(struct vmm *v, const struct rtvmm_request *r, const void *trailing,
			     size_t trailing_bytes, uint32_t expected)
{
	uint32_t records;

	if (fake_request(v->core, r, trailing, trailing_bytes, &records) || records != expected)
		abort(); /* the core is not what is tested here */
	return buf_reader_over(v->core->out, v->core->out_bytes);
}

void vmm_answer_open(struct vmm *v, const struct handshake *h,
		     uint8_t reply[sizeof(struct rtvmm_open_reply)])
{
	struct rtvmm_request r = request(v, RTVMM_OP_OPEN, 0);
	struct rtvmm_open_reply o;

	memcpy(r.challenge, h->challenge, sizeof(r.challenge));
	(void)run(v, &r, h->request, sizeof(h->request), 1);
	memcpy(&o, v->core->out, sizeof(o));
	memcpy(reply, &o, sizeof(o));
	v->session = o.session;
}

const struct err *vmm_open(struct vmm *v, struct verify *ret)
{
	uint8_t reply[sizeof(struct rtvmm_open_reply)];
	struct handshake h;

	v->session = 0;
	TRY(handshake_init(&h));
	vmm_answer_open(v, &h, reply);
	const struct err *e = handshake_finish(&h, reply, v->core->core.static_public, ret);
	handshake_deinit(&h);
	return e;
}

struct buf_reader vmm_read(struct vmm *v, const uint64_t *frames, uint32_t count)
{
	struct rtvmm_request r = request(v, RTVMM_OP_READ, count);

	return run(v, &r, frames, count * sizeof(*frames), count);
}

struct buf_reader vmm_ask(struct vmm *v, enum rtvmm_op op, uint32_t count)
{
	struct rtvmm_request r = request(v, op, count);

	return run(v, &r, NULL, 0, 1);
}

void vmm_retag(struct vmm *v, uint8_t *bytes)
{
	const struct session *s = session_find(&v->core->caller, v->session);
	struct rtvmm_record rec;

	memcpy(&rec, bytes, sizeof(rec));
	/* the payload that is there, whatever the header says of it */
	uint32_t payload_bytes = (uint32_t)(v->core->out_bytes - sizeof(rec));
	tag_make(s->key, rec.header.counter, &rec.header, sizeof(rec.header), bytes + sizeof(rec),
		 payload_bytes, rec.tag);
	memcpy(bytes + sizeof(rec.header), rec.tag, sizeof(rec.tag));
}
