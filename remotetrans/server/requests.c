/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a client may ask: a table of requests. Input: attacker-controlled. */
#include <stdio.h>
#include <string.h>

#include "remotetrans/server/client.h"
#include "remotetrans/server/evidence.h"
#include "remotetrans/server/hints.h"
#include "remotetrans/server/journal.h"
#include "remotetrans/server/places.h"

#define BATCH_RECORDS 64 /* at least, to be passed on while more are to come */

static const struct err *on_hello(struct client *c, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_hello_reply reply = {.version = WIRE_VERSION};
	struct msg_hello m;

	TRY(msg_decode_hello(&r, &m));
	if (m.version != WIRE_VERSION || m.flags & ~WIRE_HELLO_PACKED) {
		c->finished = true;
		return answer_refuse(c, f->request, WIRE_ERROR_VERSION,
				     "this server speaks another version of the protocol");
	}
	c->greeted = true;
	c->takes_packed = m.flags & WIRE_HELLO_PACKED;
	return frame_send_hello_reply(&c->stream, f->request, &reply, answer_deadline_ns());
}

static const struct err *send_vm(struct client *c, uint16_t request, const struct vm_config *vm)
{
	const struct backend_ops *ops;
	struct msg_vm m = {.flags = 0};

	TRY(backend_by_name(vm->backend, &ops));
	memcpy(m.name, vm->name, sizeof(m.name));
	memcpy(m.uuid, vm->uuid, sizeof(m.uuid));
	snprintf(m.backend, sizeof(m.backend), "%s", vm->backend);
	m.flags = ops->is_tagged ? WIRE_VM_TAGGED : 0;
	return frame_send_vm(&c->stream, request, &m, answer_deadline_ns());
}

static const struct err *on_list(struct client *c, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_list m;
	size_t sent = 0;

	TRY(msg_decode_list(&r, &m));
	for (size_t i = 0; i < c->config->vm_count; i++) {
		if (!access_allowed(&c->config->vms[i], c->name))
			continue;
		TRY(send_vm(c, f->request, &c->config->vms[i]));
		sent++;
	}
	return answer_done(c, f->request, sent);
}

/* One refusal for every reason; the log has the reason. */
static const struct err *refuse_vm(struct client *c, uint16_t request, const char *vm)
{
	char message[WIRE_REMARK_MAX];

	journal_say("%s: '%s' may not read VM '%s': %s", c->address,
		    c->name[0] ? c->name : "a stranger", vm, access_why_not(c->config, vm));
	snprintf(message, sizeof(message), "no VM '%s' for this client", vm);
	return answer_refuse(c, request, WIRE_ERROR_NO_VM, message);
}

static const struct err *on_open(struct client *c, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_open_reply reply;
	const struct backend_ops *ops;
	struct msg_open m;

	TRY(msg_decode_open(&r, &m));
	if (c->backend)
		return ERR(ERR_PROTO, "second OPEN on one connection");
	c->vm = access_find(c->config, c->name, m.vm);
	if (!c->vm)
		return refuse_vm(c, f->request, m.vm);
	if (!places_keep(c->name)) {
		c->finished = true;
		return answer_refuse(c, f->request, WIRE_ERROR_BUSY,
				     "this client has too many connections (max_clients_each=)");
	}
	TRY(backend_by_name(c->vm->backend, &ops));
	const struct err *e = ops->open(c->vm, m.request, reply.reply, &c->backend);
	if (e)
		return answer_backend_failed(c, f->request, e);
	c->snapshotter = (struct snapshotter){.backend = c->backend,
					      .profile = &c->profile,
					      .hint = hints_of((size_t)(c->vm - c->config->vms))};
	reply.flags = ops->is_tagged ? WIRE_VM_TAGGED : 0;
	return frame_send_open_reply(&c->stream, f->request, &reply, answer_deadline_ns());
}

static const struct err *send_status(struct client *c, uint16_t request, bool have)
{
	struct msg_profile_status m = {.have = have};

	if (have)
		snapshotter_prepare(&c->snapshotter);
	return frame_send_profile_status(&c->stream, request, &m, answer_deadline_ns());
}

static const struct err *on_profile_have(struct client *c, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_profile_have m;

	TRY(msg_decode_profile_have(&r, &m));
	return send_status(c, f->request,
			   profile_text_find(c->config->profiles, m.hash, &c->profile));
}

static const struct err *on_profile_put(struct client *c, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_profile_put m;

	TRY(msg_decode_profile_put(&r, &m));
	TRY(profile_text_put(c->config->profiles, m.hash, m.text, &c->profile));
	return send_status(c, f->request, true);
}

static const struct err *ask(struct client *c, const struct backend_request *request)
{
	return c->backend->ops->ask(c->backend, request, &c->records);
}

static const struct err *ask_frames(struct client *c, const struct msg_read *m)
{
	uint64_t frames[RTVMM_READ_FRAMES_MAX];
	struct buf_reader r = buf_reader_over(m->frames.bytes, m->frames.len_bytes);

	while (buf_reader_left(&r)) {
		struct backend_request request = {
			.op = RTVMM_OP_READ, .challenge = m->challenge, .frames = frames};

		while (request.count < RTVMM_READ_FRAMES_MAX && buf_reader_left(&r))
			TRY(buf_read_u64(&r, &frames[request.count++]));
		TRY(ask(c, &request));
	}
	return NULL;
}

/* Send what was collected, or say why nothing was. */
static const struct err *answer(struct client *c, const struct frame *f, const struct err *e)
{
	if (e)
		return answer_backend_failed(c, f->request, e);
	TRY(answer_records(c, f, 0));
	return answer_done(c, f->request, c->records.count);
}

static const struct err *on_read(struct client *c, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_read m;

	TRY(msg_decode_read(&r, &m));
	return answer(c, f, ask_frames(c, &m));
}

static const struct err *ask_info(struct client *c, const uint8_t *challenge, uint32_t *ret_vcpus)
{
	struct backend_request request = {.op = RTVMM_OP_INFO, .challenge = challenge};

	TRY(ask(c, &request));
	return snapshot_count_vcpus(&c->records, ret_vcpus);
}

static const struct err *ask_vcpus(struct client *c, const uint8_t *challenge)
{
	struct backend_request request = {.op = RTVMM_OP_VCPU, .challenge = challenge};
	uint32_t vcpus;

	TRY(ask_info(c, challenge, &vcpus));
	for (; request.count < vcpus; request.count++)
		TRY(ask(c, &request));
	return NULL;
}

static const struct err *on_vcpus(struct client *c, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_vcpus m;

	TRY(msg_decode_vcpus(&r, &m));
	return answer(c, f, ask_vcpus(c, m.challenge));
}

static const struct err *on_info(struct client *c, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_info m;
	uint32_t vcpus;

	TRY(msg_decode_info(&r, &m));
	return answer(c, f, ask_info(c, m.challenge, &vcpus));
}

/* What has come of a snapshot goes on to the client, as far as he takes it at once: one that is
 * slow is not waited for while the VMM has more, which others may need. */
static const struct err *pass_on(struct client *c, uint16_t request, size_t *passed)
{
	struct records *r = &c->records;

	if (r->count - *passed < BATCH_RECORDS || c->snapshotter.has_lapsed)
		return NULL;
	while (*passed < r->count && stream_takes_more(&c->stream))
		TRY(answer_some(c, request, passed));
	return NULL;
}

/* Records go on as they come: the client checks some while others are tagged. */
static const struct err *answer_snapshot(struct client *c, const struct frame *f, bool shorten,
					 struct msg_snapshot_done *done)
{
	struct records *r = &c->records;
	size_t seen = 0, passed = 0;
	bool more = true;

	sent_begin(&c->sent);
	while (more) {
		const struct err *e = snapshotter_receive(&c->snapshotter, r, done, &more);

		if (e)
			return answer_backend_failed(c, f->request, e);
		done->count += (uint32_t)(r->count - seen);
		sent_see(&c->sent, r, seen, shorten);
		seen = r->count;
		if (!more)
			break;
		TRY(pass_on(c, f->request, &passed));
		if (passed == r->count) {
			records_clear(r);
			seen = passed = 0;
		}
	}
	TRY(answer_records(c, f, passed));
	sent_end(&c->sent);
	return frame_send_snapshot_done(&c->stream, f->request, done, answer_deadline_ns());
}

static const struct err *on_snapshot(struct client *c, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_snapshot_done done;
	struct msg_snapshot m;

	TRY(msg_decode_snapshot(&r, &m));
	if (m.flags & ~WIRE_SNAPSHOT_KEPT)
		return answer_refuse(c, f->request, WIRE_ERROR_BAD_REQUEST, "unknown flags");
	const struct err *e = snapshotter_take(&c->snapshotter, &m, &c->records, &done);
	if (e)
		return answer_backend_failed(c, f->request, e);
	return answer_snapshot(c, f, m.flags & WIRE_SNAPSHOT_KEPT, &done);
}

/* --- the table ---------------------------------------------------------------------------------
 */

enum needs { NOTHING, HELLO_FIRST, OPEN_FIRST, KNOWN };

struct handler {
	enum needs needs;
	const struct err *(*run)(struct client *c, const struct frame *f);
};

static const struct handler handlers[MSG_TYPES] = {
	[MSG_HELLO] = {NOTHING, on_hello},
	[MSG_LIST] = {HELLO_FIRST, on_list},
	[MSG_OPEN] = {HELLO_FIRST, on_open},
	[MSG_PROFILE_HAVE] = {OPEN_FIRST, on_profile_have},
	[MSG_PROFILE_PUT] = {OPEN_FIRST, on_profile_put},
	[MSG_READ] = {OPEN_FIRST, on_read},
	[MSG_VCPUS] = {OPEN_FIRST, on_vcpus},
	[MSG_INFO] = {OPEN_FIRST, on_info},
	[MSG_SNAPSHOT] = {OPEN_FIRST, on_snapshot},
	[MSG_ATTEST] = {KNOWN, evidence_on_attest},
	[MSG_ENDORSE] = {KNOWN, evidence_on_endorse},
	[MSG_ACTIVATE] = {KNOWN, evidence_on_activate},
};

/* Evidence is refused as if there were only VMs: a stranger learns nothing of it. */
static bool may_ask(const struct client *c, enum needs needs)
{
	if (needs == KNOWN)
		return access_may_attest(c->config, c->name);
	return needs != OPEN_FIRST || c->backend;
}

const struct err *requests_dispatch(struct client *c, const struct frame *f)
{
	const struct handler *h = &handlers[f->type]; /* frame_receive() checked the type */

	if (!h->run)
		return ERR(ERR_PROTO, "message %s has no handler", msg_name(f->type));
	if (h->needs != NOTHING && !c->greeted)
		return ERR(ERR_PROTO, "%s before HELLO", msg_name(f->type));
	if (!may_ask(c, h->needs))
		return answer_refuse(c, f->request, WIRE_ERROR_BAD_REQUEST, "no VM is open");
	records_clear(&c->records);
	return h->run(c, f);
}
