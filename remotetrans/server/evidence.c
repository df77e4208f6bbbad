/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evidence for clients. Input: attacker-controlled requests; the attester's answers. */
#include "remotetrans/server/evidence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "remotetrans/server/attester.h"
#include "remotetrans/server/bootlog.h"
#include "remotetrans/server/journal.h"

static struct wire_view view(const struct tpm_blob *b)
{
	return (struct wire_view){b->bytes, b->len_bytes};
}

static const struct err *refuse(struct client *c, uint16_t request, enum wire_error kind,
				const char *why)
{
	if (kind == WIRE_ERROR_BACKEND)
		c->finished = true;
	return answer_refuse(c, request, kind, why);
}

/* An answer went out: whoever attests first has the whole time to open a VM again. */
static const struct err *answered(struct client *c, const struct err *sent)
{
	c->open_by_ns = stream_after_ms(CLIENT_OPEN_TIMEOUT_MS);
	return sent;
}

static const struct err *send_evidence(struct client *c, uint16_t request,
				       const struct tpm_quote *q, const uint8_t *log,
				       size_t log_bytes)
{
	struct msg_evidence m = {
		.quote = view(&q->quote),
		.signature = view(&q->signature),
		.ak_public = view(&q->ak_public),
		.pcrs = {q->pcrs[0], q->pcr_count * TPM_DIGEST},
		.log = {log, (uint32_t)log_bytes},
	};

	return answered(c, frame_send_evidence(&c->stream, request, &m, answer_deadline_ns()));
}

/* What is measured between quote and log makes them differ; who asks again gets them alike. */
static const struct err *send_with_log(struct client *c, uint16_t request,
				       const struct tpm_quote *q)
{
	AUTO_FREE uint8_t *log = malloc(RTLAUNCH_LOG_BYTES_MAX);
	size_t log_bytes;

	if (!log)
		return ERR_ERRNO(ERR_SYSTEM, errno, "event log");
	const struct err *e = bootlog_read(c->config, log, &log_bytes);
	if (!e)
		return send_evidence(c, request, q, log, log_bytes);
	journal_say("%s", e->message);
	return refuse(c, request, WIRE_ERROR_BACKEND, e->message);
}

const struct err *evidence_on_attest(struct client *c, const struct frame *f)
{
	struct attester_request request = {.op = ATTESTER_QUOTE};
	struct buf_reader r = frame_reader(f);
	struct attester_answer answer;
	struct msg_attest m;

	TRY(msg_decode_attest(&r, &m));
	if (m.flags)
		return refuse(c, f->request, WIRE_ERROR_BAD_REQUEST, "unknown flags");
	memcpy(request.qualifying, m.qualifying, sizeof(request.qualifying));
	attester_ask(&request, &answer);
	if (answer.refusal)
		return refuse(c, f->request, answer.refusal, answer.why);
	return send_with_log(c, f->request, &answer.quote);
}

const struct err *evidence_on_endorse(struct client *c, const struct frame *f)
{
	struct attester_request request = {.op = ATTESTER_ENDORSE};
	struct buf_reader r = frame_reader(f);
	struct attester_answer answer;
	struct msg_endorse m;

	TRY(msg_decode_endorse(&r, &m));
	if (m.flags)
		return refuse(c, f->request, WIRE_ERROR_BAD_REQUEST, "unknown flags");
	attester_ask(&request, &answer);
	if (answer.refusal)
		return refuse(c, f->request, answer.refusal, answer.why);
	struct msg_endorsement reply = {
		.ek_certificate = view(&answer.endorsement.ek_certificate),
		.ek_public = view(&answer.endorsement.ek_public),
		.ak_public = view(&answer.endorsement.ak_public),
	};
	return answered(
		c, frame_send_endorsement(&c->stream, f->request, &reply, answer_deadline_ns()));
}

static void blob_put(struct tpm_blob *b, const struct wire_view *v)
{
	_Static_assert(WIRE_TPM_MAX == TPM_BLOB_MAX, "what the decoder lets through fits");
	if (v->len_bytes)
		memcpy(b->bytes, v->bytes, v->len_bytes);
	b->len_bytes = v->len_bytes;
}

const struct err *evidence_on_activate(struct client *c, const struct frame *f)
{
	struct attester_request request = {.op = ATTESTER_ACTIVATE};
	struct buf_reader r = frame_reader(f);
	struct attester_answer answer;
	struct msg_activated reply;
	struct msg_activate m;

	TRY(msg_decode_activate(&r, &m));
	blob_put(&request.credential, &m.credential);
	blob_put(&request.secret, &m.secret);
	attester_ask(&request, &answer);
	if (answer.refusal)
		return refuse(c, f->request, answer.refusal, answer.why);
	memcpy(reply.secret, answer.secret, sizeof(reply.secret));
	return answered(c,
			frame_send_activated(&c->stream, f->request, &reply, answer_deadline_ns()));
}
