/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a session and asking for registers. Input: attacker-controlled. */
#include "remotetrans/client/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/client/handshake.h"
#include "remotetrans/client/session_internal.h"

#define READAHEAD_DEFAULT 8

_Static_assert(sizeof(struct rtvmm_open_request) == WIRE_OPEN_REQUEST_BYTES, "wire limit");
_Static_assert(sizeof(struct rtvmm_open_reply) == WIRE_OPEN_REPLY_BYTES, "wire limit");

/* --- opening: HELLO, OPEN and PROFILE_HAVE travel together ------------------------------- */

struct opening {
	struct session *session;
	struct handshake handshake;
	uint16_t open_request, profile_request;
	uint64_t deadline_ns;
};

static const struct err *send_open(struct opening *o)
{
	struct session *s = o->session;
	struct msg_profile_have have;
	struct msg_open open = {0};

	o->open_request = link_next_request(&s->link);
	memcpy(open.vm, s->target->vm, sizeof(open.vm));
	memcpy(open.request, o->handshake.request, sizeof(open.request));
	TRY(frame_send_open(&s->link.stream, o->open_request, &open, o->deadline_ns));
	s->link.round_trips++;
	if (!s->profile)
		return NULL;
	o->profile_request = link_next_request(&s->link);
	memcpy(have.hash, s->profile->hash, sizeof(have.hash));
	return frame_send_profile_have(&s->link.stream, o->profile_request, &have, o->deadline_ns);
}

/* Which key the session is to be verified with; NULL: none, and the user said so. */
static const struct err *choose_key(const struct target_config *t, uint32_t flags,
				    const uint8_t **ret)
{
	*ret = t->vmm_key;
	if (flags & WIRE_VM_TAGGED && config_has_vmm_key(t))
		return NULL;
	if (flags & WIRE_VM_TAGGED)
		return ERR(ERR_USAGE,
			   "%s: target [%s] lacks vmm_key=, the VMM's public key, without which "
			   "nothing can be verified: ask its operator",
			   t->path, t->name);
	*ret = NULL;
	if (t->insecure_unverified)
		return NULL;
	return ERR(
		ERR_INTEGRITY,
		"server %s cannot prove what it says of VM %s (a backend without tags): refused, "
		"unless you say --insecure-unverified",
		t->server, t->vm);
}

static const struct err *check_uuid(const struct session *s)
{
	char wanted[37], given[37];

	if (!config_has_uuid(s->target) ||
	    memcmp(s->target->uuid, s->verify.identity.uuid, RTVMM_ID_BYTES) == 0)
		return NULL;
	uuid_format(s->target->uuid, wanted);
	uuid_format(s->verify.identity.uuid, given);
	return ERR(ERR_INTEGRITY, "target [%s] is VM %s, but the VMM opened %s: wrong vm= or uuid=",
		   s->target->name, wanted, given);
}

static const struct err *receive_open(struct opening *o)
{
	struct session *s = o->session;
	struct msg_open_reply m;
	const uint8_t *key;
	struct frame f;

	TRY(link_receive(&s->link, o->open_request, 1u << MSG_OPEN_REPLY, o->deadline_ns, &f));
	struct buf_reader r = frame_reader(&f);
	TRY(msg_decode_open_reply(&r, &m));
	TRY(choose_key(s->target, m.flags, &key));
	TRY(handshake_finish(&o->handshake, m.reply, key, &s->verify));
	return check_uuid(s);
}

static const struct err *receive_profile_status(struct session *s, uint16_t request,
						uint64_t deadline_ns)
{
	struct msg_profile_status m;
	struct frame f;

	TRY(link_receive(&s->link, request, 1u << MSG_PROFILE_STATUS, deadline_ns, &f));
	struct buf_reader r = frame_reader(&f);
	TRY(msg_decode_profile_status(&r, &m));
	s->server_has_profile = m.have != 0;
	return NULL;
}

static const struct err *upload_profile(struct session *s)
{
	uint64_t deadline_ns = stream_after_ms(s->target->timeout_ms);
	uint16_t request = link_next_request(&s->link);
	struct msg_profile_put put = {
		.text = {(const uint8_t *)s->profile->text, (uint32_t)s->profile->len_bytes}};

	if (s->profile->len_bytes > WIRE_PROFILE_MAX)
		return ERR(ERR_USAGE, "profile of %zu bytes; at most %u", s->profile->len_bytes,
			   WIRE_PROFILE_MAX);
	memcpy(put.hash, s->profile->hash, sizeof(put.hash));
	TRY(frame_send_profile_put(&s->link.stream, request, &put, deadline_ns));
	s->link.round_trips++;
	return receive_profile_status(s, request, deadline_ns);
}

static const struct err *open_vm(struct opening *o)
{
	struct session *s = o->session;
	struct vm_info info;

	o->deadline_ns = stream_after_ms(s->target->timeout_ms);
	TRY(handshake_init(&o->handshake));
	TRY(send_open(o));
	TRY(receive_open(o));
	if (s->profile) {
		TRY(receive_profile_status(s, o->profile_request, o->deadline_ns));
		if (!s->server_has_profile)
			TRY(upload_profile(s));
	}
	return s->target->require_protected ? session_info(s, &info) : NULL;
}

const struct err *session_open(const struct target_config *target,
			       const struct session_profile *profile, struct session **ret)
{
	struct session *s = calloc(1, sizeof(*s));
	struct opening o = {.session = s};

	if (!s)
		return ERR_ERRNO(ERR_SYSTEM, errno, "session");
	s->frames.get = session_get_frame;
	s->target = target;
	s->profile = profile;
	s->readahead = READAHEAD_DEFAULT;
	const struct err *e = link_open(&s->link, target);
	if (!e)
		e = open_vm(&o);
	handshake_deinit(&o.handshake);
	if (e) {
		session_close(s);
		return e;
	}
	*ret = s;
	return NULL;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	link_deinit(&s->link);
	verify_deinit(&s->verify);
	framecache_deinit(&s->cache);
	framecache_deinit(&s->spare);
	free(s);
}

/* --- registers and facts ----------------------------------------------------------------- */

struct vcpus_exchange {
	struct exchange x; /* first */
	struct vm_info info;
	bool want_vcpus;
	unsigned next; /* 0: the info record, then vCPU next - 1 */
};

static const struct err *vcpus_expect(struct exchange *x, struct verify_expect *ret)
{
	struct vcpus_exchange *v = (struct vcpus_exchange *)x;

	ret->any_generation = true;
	ret->types = VERIFY_TYPE(v->next ? RTVMM_RECORD_VCPU : RTVMM_RECORD_INFO);
	ret->subject = v->next ? v->next - 1 : 0;
	if (v->next && (!v->want_vcpus || v->next > v->info.vcpus))
		return ERR(ERR_INTEGRITY, "more records than were asked for");
	return NULL;
}

static const struct err *vcpus_accept(struct exchange *x, const struct record *rec)
{
	struct vcpus_exchange *v = (struct vcpus_exchange *)x;

	if (!v->next) {
		TRY(record_info_decode(rec, &v->info));
		TRY(session_check_info(x->session, &v->info));
	} else {
		TRY(record_vcpu_decode(rec, &x->session->vcpus[v->next - 1]));
	}
	v->next++;
	return NULL;
}

static const struct err *receive_vcpus(struct vcpus_exchange *v)
{
	struct frame f;

	TRY(exchange_receive(&v->x, MSG_DONE, &f));
	if (v->next < 1u + (v->want_vcpus ? v->info.vcpus : 0))
		return ERR(ERR_INTEGRITY, "%s: the server left it out",
			   v->next ? "registers of a vCPU" : "info record");
	return NULL;
}

const struct err *session_info(struct session *s, struct vm_info *ret)
{
	struct vcpus_exchange v = {.x = {.expect = vcpus_expect, .accept = vcpus_accept}};
	struct msg_info m;

	TRY(exchange_begin(&v.x, s));
	memcpy(m.challenge, v.x.challenge, sizeof(m.challenge));
	TRY(frame_send_info(&s->link.stream, v.x.request, &m, v.x.deadline_ns));
	TRY(receive_vcpus(&v));
	*ret = v.info;
	return NULL;
}

static const struct err *read_vcpus(struct session *s)
{
	struct vcpus_exchange v = {.x = {.expect = vcpus_expect, .accept = vcpus_accept},
				   .want_vcpus = true};
	struct msg_vcpus m;

	TRY(exchange_begin(&v.x, s));
	memcpy(m.challenge, v.x.challenge, sizeof(m.challenge));
	TRY(frame_send_vcpus(&s->link.stream, v.x.request, &m, v.x.deadline_ns));
	TRY(receive_vcpus(&v));
	s->vcpu_count = v.info.vcpus;
	return NULL;
}

const struct err *session_vcpus(struct session *s, const struct vcpu **ret, unsigned *ret_count)
{
	if (!s->vcpu_count)
		TRY(read_vcpus(s));
	*ret = s->vcpus;
	*ret_count = s->vcpu_count;
	return NULL;
}

const struct err *session_check_info(const struct session *s, const struct vm_info *i)
{
	if (s->target->require_protected && !i->is_protected)
		return ERR(ERR_PEER,
			   "VM %s is not protected from its host's toolstack, and target [%s] says "
			   "require_protected=",
			   s->target->vm, s->target->name);
	return NULL;
}

/* --- small questions --------------------------------------------------------------------- */

struct framesrc *session_frames(struct session *s)
{
	return &s->frames;
}

uint64_t session_epoch(const struct session *s)
{
	return s->epoch;
}

bool session_is_verified(const struct session *s)
{
	return s->verify.cipher != NULL;
}

const struct verify_identity *session_identity(const struct session *s)
{
	return &s->verify.identity;
}

void session_set_readahead(struct session *s, unsigned count)
{
	s->readahead = count ? count : 1;
}

struct session_counters session_counters(const struct session *s)
{
	struct session_counters c = s->counters;

	c.round_trips = s->link.round_trips;
	c.bytes_received = s->link.stream.bytes_received;
	c.bytes_sent = s->link.stream.bytes_sent;
	c.verify_ns = s->verify.spent_ns;
	return c;
}
