// SPDX-License-Identifier: GPL-2.0-or-later
/* A client's session over the hypercall. Input: a VMM under test. */
#include "tests/xen/client.h"

#include <errno.h>
#include <string.h>

void client_ask(struct client *c, enum rtvmm_op op, uint32_t count)
{
	c->request = vmm_peer_request(&c->peer, op);
	c->request.count = count;
	memcpy(c->call->in, &c->request, sizeof(c->request));
	hypercall_prepare(c->call, c->domid, sizeof(c->request));
}

void client_ask_frames(struct client *c, const uint64_t *frames, uint32_t count)
{
	client_ask(c, RTVMM_OP_READ, count);
	memcpy(c->call->in + sizeof(c->request), frames, count * sizeof(*frames));
	hypercall_prepare(c->call, c->domid,
			  (uint32_t)(sizeof(c->request) + count * sizeof(*frames)));
}

const struct err *client_make(struct client *c)
{
	int status = hypercall_make(c->call);

	if (status)
		return ERR_ERRNO(ERR_PEER, -status, "domain %u: operation %u refused with %d",
				 c->domid, c->request.op, status);
	return NULL;
}

const struct err *client_open(struct client *c, struct hypercall *call, uint16_t domid)
{
	struct rtvmm_open_reply reply;

	*c = (struct client){.call = call, .domid = domid};
	TRY(vmm_peer_begin(&c->peer));
	client_ask(c, RTVMM_OP_OPEN, 0);
	memcpy(call->in + sizeof(c->request), &c->peer.request, sizeof(c->peer.request));
	hypercall_prepare(call, domid, sizeof(c->request) + sizeof(c->peer.request));
	TRY(client_make(c));
	memcpy(&reply, call->out, sizeof(reply));
	return vmm_peer_finish(&c->peer, &reply);
}

const struct err *client_verify(struct client *c, enum rtvmm_record_type type, uint64_t subject,
				const uint8_t *answer, size_t answer_bytes, size_t *at,
				const uint8_t **ret_payload)
{
	struct rtvmm_record record;
	size_t left = answer_bytes - *at;

	if (*at > answer_bytes || left < sizeof(record))
		return ERR(ERR_PROTO, "no record at %zu", *at);
	memcpy(&record, answer + *at, sizeof(record));
	if (record.header.payload_bytes > left - sizeof(record))
		return ERR(ERR_PROTO, "payload of %u bytes", record.header.payload_bytes);
	if (type == RTVMM_RECORD_PAGE && record.header.type == RTVMM_RECORD_NOT_RAM)
		type = RTVMM_RECORD_NOT_RAM;
	TRY(vmm_peer_verify(&c->peer, &c->request, type, subject, &record,
			    answer + *at + sizeof(record)));
	*ret_payload = record.header.payload_bytes ? answer + *at + sizeof(record) : NULL;
	*at += sizeof(record) + record.header.payload_bytes;
	return NULL;
}

const struct err *client_read(struct client *c, const uint64_t *frames, uint32_t count,
			      const uint8_t *ret[])
{
	size_t at = 0;

	client_ask_frames(c, frames, count);
	TRY(client_make(c));
	for (uint32_t i = 0; i < count; i++)
		TRY(client_verify(c, RTVMM_RECORD_PAGE, frames[i], c->call->out, HYPERCALL_OUT_MAX,
				  &at, &ret[i]));
	return NULL;
}

/* The one record of the request that is ready */
static const struct err *make_one(struct client *c, enum rtvmm_record_type type, uint64_t subject,
				  void *ret, size_t len_bytes)
{
	const uint8_t *payload;
	size_t at = 0;

	TRY(client_make(c));
	TRY(client_verify(c, type, subject, c->call->out, HYPERCALL_OUT_MAX, &at, &payload));
	if (at != sizeof(struct rtvmm_record) + len_bytes)
		return ERR(ERR_PROTO, "a record of another length");
	memcpy(ret, payload, len_bytes);
	return NULL;
}

const struct err *client_info(struct client *c, struct rtvmm_info *ret)
{
	client_ask(c, RTVMM_OP_INFO, 0);
	return make_one(c, RTVMM_RECORD_INFO, 0, ret, sizeof(*ret));
}

const struct err *client_vcpu(struct client *c, uint32_t number, struct rtvmm_vcpu *ret)
{
	client_ask(c, RTVMM_OP_VCPU, number);
	return make_one(c, RTVMM_RECORD_VCPU, number, ret, sizeof(*ret));
}

const struct err *client_snapshot(struct client *c, enum rtvmm_op op, uint32_t deadline_ms,
				  struct rtvmm_snapshot *ret)
{
	client_ask(c, op, 0);
	c->request.deadline_ms = deadline_ms;
	memcpy(c->call->in, &c->request, sizeof(c->request));
	return make_one(c, RTVMM_RECORD_SNAPSHOT, 0, ret, sizeof(*ret));
}

const struct err *client_close(struct client *c)
{
	client_ask(c, RTVMM_OP_CLOSE, 0);
	return client_make(c);
}

const struct err *client_find_frames(struct client *c, uint64_t first, uint64_t step, uint64_t *ret,
				     uint32_t max, uint32_t *ret_count)
{
	uint64_t frames[RTVMM_READ_FRAMES_MAX];
	const uint8_t *pages[RTVMM_READ_FRAMES_MAX];
	struct rtvmm_info info;

	*ret_count = 0;
	TRY(client_info(c, &info));
	while (first <= info.max_frame && *ret_count < max) {
		uint32_t count = 0;

		for (; count < RTVMM_READ_FRAMES_MAX && first <= info.max_frame; first += step)
			frames[count++] = first;
		TRY(client_read(c, frames, count, pages));
		for (uint32_t i = 0; i < count && *ret_count < max; i++)
			if (pages[i])
				ret[(*ret_count)++] = frames[i];
	}
	return NULL;
}
