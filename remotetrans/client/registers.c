/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers and the VM's facts, outside of a snapshot. Input: attacker-controlled. */
#include <string.h>

#include "remotetrans/base/check.h"
#include "remotetrans/client/session_internal.h"

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
	if (!CHECK(complete, v->next >= 1u + (v->want_vcpus ? v->info.vcpus : 0)))
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
	uint64_t until_ns = exchange_busy_until();

	while (!s->vcpu_count) {
		const struct err *e = read_vcpus(s);

		if (e && !exchange_wait_busy(s, until_ns))
			return e;
	}
	*ret = s->vcpus;
	*ret_count = s->vcpu_count;
	return NULL;
}

const struct err *session_check_info(struct session *s, const struct vm_info *i)
{
	s->is_protected = i->is_protected;
	if (s->target->require_protected && !i->is_protected)
		return ERR(ERR_PEER,
			   "VM %s is not protected from its host's toolstack, and target [%s] says "
			   "require_protected=",
			   s->target->vm, s->target->name);
	return NULL;
}
