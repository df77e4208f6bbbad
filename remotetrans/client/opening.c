/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a session: HELLO, OPEN, PROFILE_HAVE and the first SNAPSHOT travel together, after an attestation where one is due. Input: attacker-controlled. */
#include <string.h>

#include "remotetrans/base/check.h"
#include "remotetrans/client/session_internal.h"

_Static_assert(sizeof(struct rtvmm_open_request) == WIRE_OPEN_REQUEST_BYTES, "wire limit");
_Static_assert(sizeof(struct rtvmm_open_reply) == WIRE_OPEN_REPLY_BYTES, "wire limit");

static const struct err *send_open(struct opening *o)
{
	struct session *s = o->session;
	struct msg_profile_have have;
	struct msg_open open = {0};

	o->open_request = link_next_request(&s->link);
	memcpy(open.vm, s->target->vm, sizeof(open.vm));
	memcpy(open.request, o->handshake.request, sizeof(open.request));
	TRY(frame_send_open(&s->link.stream, o->open_request, &open, o->deadline_ns));
	if (!s->profile)
		return NULL;
	o->profile_request = link_next_request(&s->link);
	memcpy(have.hash, s->profile->hash, sizeof(have.hash));
	TRY(frame_send_profile_have(&s->link.stream, o->profile_request, &have, o->deadline_ns));
	return s->sets ? session_ask_snapshot(s) : NULL;
}

/* Which key the session is to be verified with; NULL: none, and the user said so. */
static const struct err *choose_key(struct session *s, const struct msg_open_reply *m,
				    const uint8_t **ret)
{
	const struct target_config *t = s->target;

	if (m->flags & WIRE_VM_TAGGED)
		return trust_accept(&s->trust, t, handshake_named_key(m->reply), ret);
	*ret = NULL;
	if (!CHECK(untagged_pinned, !config_has_vmm_key(t) && !config_has_manifest(t)))
		return ERR(
			ERR_INTEGRITY,
			"server %s says that the backend of VM %s cannot tag, but target [%s] says "
			"whose key it must have (vmm_key=, manifest=): wrong vm=, or the server "
			"hides the VMM",
			t->server, t->vm, t->name);
	if (CHECK(untagged, t->insecure_unverified))
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

	if (CHECK(target_uuid,
		  !config_has_uuid(s->target) ||
			  memcmp(s->target->uuid, s->verify.identity.uuid, RTVMM_ID_BYTES) == 0))
		return NULL;
	uuid_format(s->target->uuid, wanted);
	uuid_format(s->verify.identity.uuid, given);
	return ERR(ERR_INTEGRITY, "target [%s] is VM %s, but the VMM opened %s: wrong vm= or uuid=",
		   s->target->name, wanted, given);
}

/* A toolstack can give any VM any UUID: the instance is what the user's token was found in. */
static const struct err *check_instance(struct session *s)
{
	const uint8_t *instance = s->verify.identity.instance_id;
	struct state_bound bound;
	bool found;

	TRY(state_read_bound(s->target->name, &bound, &found));
	s->is_bound = found && memcmp(bound.instance_id, instance, RTVMM_ID_BYTES) == 0;
	if (!found || s->target->ignores_bound || CHECK(bound_instance, s->is_bound))
		return NULL;
	return ERR(ERR_INTEGRITY,
		   "VM %s is another instance than the one that target [%s] was bound to: it was "
		   "restarted, or replaced by another VM; if it is yours: remotetrans bind -t %s",
		   s->target->vm, s->target->name, s->target->name);
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
	TRY(choose_key(s, &m, &key));
	TRY(handshake_finish(&o->handshake, m.reply, key, &s->verify));
	TRY(trust_settle(&s->trust, s->target, key, s->verify.identity.boot_id));
	TRY(check_uuid(s));
	return check_instance(s);
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
	if (s->is_asked) /* of little use, but its answer comes first */
		TRY(session_take_snapshot(s));
	uint64_t deadline_ns = stream_after_ms(s->target->timeout_ms);
	uint16_t request = link_next_request(&s->link);
	struct msg_profile_put put = {
		.text = {(const uint8_t *)s->profile->text, (uint32_t)s->profile->len_bytes}};

	if (s->profile->len_bytes > WIRE_PROFILE_MAX)
		return ERR(ERR_USAGE, "profile of %zu bytes; at most %u", s->profile->len_bytes,
			   WIRE_PROFILE_MAX);
	memcpy(put.hash, s->profile->hash, sizeof(put.hash));
	TRY(frame_send_profile_put(&s->link.stream, request, &put, deadline_ns));
	return receive_profile_status(s, request, deadline_ns);
}

const struct err *opening_run(struct opening *o)
{
	struct session *s = o->session;
	struct vm_info info;

	TRY(handshake_init(&o->handshake));
	TRY(trust_find(&s->trust, &s->link, o->handshake.request, o->attestation));
	o->deadline_ns = stream_after_ms(s->target->timeout_ms);
	TRY(send_open(o));
	TRY(receive_open(o));
	if (s->profile) {
		TRY(receive_profile_status(s, o->profile_request, o->deadline_ns));
		if (!s->server_has_profile)
			TRY(upload_profile(s));
	}
	/* a snapshot says it, too */
	return s->target->require_protected && !s->is_asked ? session_info(s, &info) : NULL;
}
