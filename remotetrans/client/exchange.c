/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests answered by records; every one passes verify. Input: attacker-controlled. */
#include "remotetrans/client/session_internal.h"

#include <openssl/rand.h>

const struct err *exchange_begin(struct exchange *x, struct session *s)
{
	x->session = s;
	x->request = link_next_request(&s->link);
	x->deadline_ns = stream_after_ms(s->target->timeout_ms);
	s->link.round_trips++;
	if (RAND_bytes(x->challenge, sizeof(x->challenge)) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL cannot draw a challenge");
	return NULL;
}

static const struct err *take_records(struct exchange *x, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_records m;

	TRY(msg_decode_records(&r, &m));
	if (!m.count || m.count > WIRE_RECORDS_MAX)
		return ERR(ERR_PROTO, "message with %u records", m.count);
	struct buf_reader records = buf_reader_over(m.bytes.bytes, m.bytes.len_bytes);
	for (uint32_t i = 0; i < m.count; i++) {
		struct verify_expect expect = {.challenge = x->challenge};
		struct record rec;

		TRY(x->expect(x, &expect));
		TRY(verify_record(&x->session->verify, &expect, &records, &rec));
		TRY(x->accept(x, &rec));
	}
	return buf_reader_end(&records);
}

const struct err *exchange_receive(struct exchange *x, enum msg_type last, struct frame *ret)
{
	struct session *s = x->session;
	uint32_t types = 1u << MSG_RECORDS | 1u << last;

	do {
		TRY(link_receive(&s->link, x->request, types, x->deadline_ns, ret));
		if (ret->type == MSG_RECORDS)
			TRY(take_records(x, ret));
	} while (ret->type != last);
	if (stream_now_ns() >= x->deadline_ns)
		return ERR(ERR_PEER, "server %s: the answer took longer than %u ms (timeout_ms=)",
			   s->target->server, s->target->timeout_ms);
	return NULL;
}
