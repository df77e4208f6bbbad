/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking for evidence. Input: attacker-controlled. */
#include "remotetrans/client/attestation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

/* The host's TPM may be slow, and busy with another client's quote. */
#define ATTEST_TIMEOUT_MS 20000

struct target_config attester_of(const struct target_config *target)
{
	struct target_config t = *target;

	if (t.attester[0]) {
		memcpy(t.server, t.attester, sizeof(t.server));
		t.server_name[0] = 0;
	}
	return t;
}

/* The message's bytes are the stream's until it receives the next. */
static const struct err *keep(struct attestation *a, const struct frame *f)
{
	a->bytes = malloc(f->len_bytes);
	if (!a->bytes)
		return ERR_ERRNO(ERR_SYSTEM, errno, "evidence");
	memcpy(a->bytes, f->body, f->len_bytes);
	struct buf_reader r = buf_reader_over(a->bytes, f->len_bytes);
	return msg_decode_evidence(&r, &a->evidence);
}

/* A host whose attester says that it cannot is not attested. */
static const struct err *refused(const struct link *l, const struct err *e)
{
	if (e && e->kind == ERR_PEER && l->refusal == WIRE_ERROR_BACKEND)
		return ERR(ERR_ATTEST, "no evidence: %s", e->message);
	return e;
}

static const struct err *fetch(struct link *l, struct attestation *a)
{
	uint64_t deadline_ns = stream_after_ms(ATTEST_TIMEOUT_MS);
	uint16_t request = link_next_request(l);
	struct msg_attest ask = {.flags = 0};
	struct frame f;

	memcpy(ask.qualifying, a->qualifying, sizeof(ask.qualifying));
	TRY(frame_send_attest(&l->stream, request, &ask, deadline_ns));
	TRY(refused(l, link_receive(l, request, 1u << MSG_EVIDENCE, deadline_ns, &f)));
	return keep(a, &f);
}

static const struct err *fetch_elsewhere(const struct target_config *target, struct attestation *a)
{
	struct target_config attester = attester_of(target);
	struct link l;
	const struct err *e = link_open(&l, &attester);

	if (!e)
		e = fetch(&l, a);
	link_deinit(&l);
	return e;
}

static const struct err *judge(const struct target_config *t, const struct manifest *manifest,
			       const uint8_t *ak, struct attestation *a)
{
	const struct msg_evidence *m = &a->evidence;
	const struct evidence evidence = {
		.quote = m->quote.bytes,
		.quote_bytes = m->quote.len_bytes,
		.signature = m->signature.bytes,
		.signature_bytes = m->signature.len_bytes,
		.ak_public = m->ak_public.bytes,
		.ak_public_bytes = m->ak_public.len_bytes,
		.pcrs = m->pcrs.bytes,
		.pcrs_bytes = m->pcrs.len_bytes,
		.log = m->log.bytes,
		.log_bytes = m->log.len_bytes,
	};
	uint8_t name[ATTEST_NAME_BYTES] = {0x00, 0x0b}; /* TPM_ALG_SHA256, big-endian */
	const struct attest_policy policy = {
		.manifest = manifest,
		.ak_name = ak ? name : NULL,
		.qualifying = a->qualifying,
		.vmm_key = config_has_vmm_key(t) ? t->vmm_key : NULL,
	};
	if (ak)
		memcpy(name + 2, ak, sizeof(name) - 2);
	return attest_verify(&evidence, &policy, &a->report);
}

const struct err *attestation_ask(struct link *link, const uint8_t *hello,
				  const struct manifest *manifest, const uint8_t *ak,
				  struct attestation *ret)
{
	const struct target_config *t = link->target;
	uint8_t nonce[32];

	if (RAND_bytes(nonce, sizeof(nonce)) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL has no random bytes");
	TRY(attest_qualifying(nonce, hello, WIRE_OPEN_REQUEST_BYTES, ret->qualifying));
	TRY(t->attester[0] ? fetch_elsewhere(t, ret) : fetch(link, ret));
	return judge(t, manifest, ak, ret);
}

void attestation_deinit(struct attestation *a)
{
	free(a->bytes);
	*a = (struct attestation){0};
}
