/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Accepting a host's TPM. Input: attacker-controlled. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "remotetrans/attest/credential.h"
#include "remotetrans/base/check.h"
#include "remotetrans/client/attestation.h"

#define ENROL_TIMEOUT_MS 60000 /* a TPM chip makes an RSA key in tens of seconds */

static const struct err *blob_copy(const struct wire_view *view, struct tpm_blob *ret)
{
	_Static_assert(WIRE_TPM_MAX <= TPM_BLOB_MAX, "a blob holds what the wire carries");
	memcpy(ret->bytes, view->bytes, view->len_bytes);
	ret->len_bytes = view->len_bytes;
	return NULL;
}

static struct wire_view view_of(const struct tpm_blob *b)
{
	return (struct wire_view){b->bytes, b->len_bytes};
}

static const struct err *ask_endorsement(struct link *l, struct tpm_endorsement *ret)
{
	uint64_t deadline_ns = stream_after_ms(ENROL_TIMEOUT_MS);
	uint16_t request = link_next_request(l);
	struct msg_endorse ask = {.flags = 0};
	struct msg_endorsement m;
	struct frame f;

	TRY(frame_send_endorse(&l->stream, request, &ask, deadline_ns));
	TRY(link_receive(l, request, 1u << MSG_ENDORSEMENT, deadline_ns, &f));
	struct buf_reader r = frame_reader(&f);
	TRY(msg_decode_endorsement(&r, &m));
	TRY(blob_copy(&m.ek_certificate, &ret->ek_certificate));
	TRY(blob_copy(&m.ek_public, &ret->ek_public));
	return blob_copy(&m.ak_public, &ret->ak_public);
}

static const struct err *ask_activation(struct link *l, const struct tpm_blob *credential,
					const struct tpm_blob *secret, struct msg_activated *ret)
{
	uint64_t deadline_ns = stream_after_ms(ENROL_TIMEOUT_MS);
	uint16_t request = link_next_request(l);
	struct msg_activate ask = {.credential = view_of(credential), .secret = view_of(secret)};
	struct frame f;

	TRY(frame_send_activate(&l->stream, request, &ask, deadline_ns));
	TRY(link_receive(l, request, 1u << MSG_ACTIVATED, deadline_ns, &f));
	struct buf_reader r = frame_reader(&f);
	return msg_decode_activated(&r, ret);
}

/* Only the TPM with this EK can read the secret, and only if it has this AK. */
static const struct err *prove(struct link *l, const struct tpm_endorsement *e,
			       const uint8_t *ak_name)
{
	uint8_t secret[TPM_DIGEST];
	struct tpm_blob credential, encrypted;
	struct msg_activated answer;

	if (RAND_bytes(secret, sizeof(secret)) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL has no random bytes");
	TRY(credential_make(&e->ek_public, ak_name, secret, &credential, &encrypted));
	TRY(ask_activation(l, &credential, &encrypted, &answer));
	if (CHECK(activation, CRYPTO_memcmp(secret, answer.secret, sizeof(secret)) == 0))
		return NULL;
	return ERR(ERR_ATTEST,
		   "host %s: its TPM cannot have the attestation key that the host shows: what the "
		   "credential held came back wrong",
		   l->target->server);
}

static const struct err *enrol(struct link *l, const struct endorsement_policy *policy,
			       struct state_enrolled *ret)
{
	struct tpm_endorsement e;
	uint8_t name[ATTEST_NAME_BYTES];

	TRY(ask_endorsement(l, &e));
	TRY(endorsement_fingerprint(&e, ret->ek_sha256));
	TRY(endorsement_check(&e, policy, name));
	TRY(prove(l, &e, name));
	memcpy(ret->ak, name + 2, sizeof(ret->ak));
	ret->at_s = state_now_s();
	return NULL;
}

const struct err *enrolment_run(const struct target_config *target,
				const struct endorsement_policy *policy, struct state_enrolled *ret)
{
	struct target_config attester = attester_of(target);
	struct link l;
	const struct err *e = link_open(&l, &attester);

	if (!e)
		e = enrol(&l, policy, ret);
	link_deinit(&l);
	return e;
}
