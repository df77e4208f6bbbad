/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who a TPM is, and proof that our AK lives in it. Input: the TPM's answers, and credentials from
 * the network. */
#include <string.h>

#include <tss2/tss2_mu.h>

#include "remotetrans/attest/tpm_context.h"

/* --- endorsement -------------------------------------------------------------------------------
 */

#define EK_CERTIFICATE_INDEX 0x01c00002u
#define NV_CHUNK_BYTES       512u /* any TPM reads as much at once */

static const struct err *nv_read(struct tpm *t, ESYS_TR nv, struct tpm_blob *ret)
{
	AUTO_FREE TPM2B_NV_PUBLIC *public = NULL;
	uint16_t size, chunk;

	TRY(tpm_check(t, "TPM2_NV_ReadPublic",
		      Esys_NV_ReadPublic(t->esys, nv, NO_SESSIONS, &public, NULL)));
	size = public->nvPublic.dataSize;
	if (size > TPM_BLOB_MAX)
		return ERR(ERR_PEER, "TPM %s: an EK certificate of %u bytes", t->name, size);
	for (uint16_t at = 0; at < size; at = (uint16_t)(at + chunk)) {
		AUTO_FREE TPM2B_MAX_NV_BUFFER *data = NULL;

		chunk = size - at < (int)NV_CHUNK_BYTES ? (uint16_t)(size - at) : NV_CHUNK_BYTES;
		TRY(tpm_check(t, "TPM2_NV_Read",
			      Esys_NV_Read(t->esys, nv, nv, EMPTY_AUTH, chunk, at, &data)));
		if (data->size != chunk)
			return ERR(ERR_PEER, "TPM %s: TPM2_NV_Read: too little", t->name);
		memcpy(ret->bytes + at, data->buffer, chunk);
	}
	ret->len_bytes = size;
	return NULL;
}

static const struct err *read_certificate(struct tpm *t, struct tpm_blob *ret)
{
	AUTO_OBJECT nv = {.tpm = t, .handle = ESYS_TR_NONE, .is_kept = true};

	ret->len_bytes = 0;
	TRY(tpm_handle_find(t, EK_CERTIFICATE_INDEX, &nv.handle));
	return nv.handle == ESYS_TR_NONE ? NULL : nv_read(t, nv.handle, ret);
}

const struct err *tpm_endorsement(struct tpm *t, struct tpm_endorsement *ret)
{
	AUTO_OBJECT ek = NO_OBJECT(t);
	AUTO_OBJECT ak = NO_OBJECT(t);

	tpm_start_clock(t);
	TRY(read_certificate(t, &ret->ek_certificate));
	TRY(tpm_ek_find(&ek, &ret->ek_public));
	return tpm_key_create(&ak, &tpm_ak_template, &ret->ak_public);
}

/* --- activation --------------------------------------------------------------------------------
 */

static const struct err *decode(const struct tpm_blob *credential, const struct tpm_blob *secret,
				TPM2B_ID_OBJECT *ret_credential, TPM2B_ENCRYPTED_SECRET *ret_secret)
{
	size_t at = 0, at_secret = 0;

	if (Tss2_MU_TPM2B_ID_OBJECT_Unmarshal(credential->bytes, credential->len_bytes, &at,
					      ret_credential) ||
	    at != credential->len_bytes ||
	    Tss2_MU_TPM2B_ENCRYPTED_SECRET_Unmarshal(secret->bytes, secret->len_bytes, &at_secret,
						     ret_secret) ||
	    at_secret != secret->len_bytes)
		return ERR(ERR_PROTO, "malformed credential");
	return NULL;
}

/* What the EK's policy wants: that we know the endorsement hierarchy's password. */
static const struct err *ek_session(struct tpm_object *session)
{
	const TPMT_SYM_DEF plain = {.algorithm = TPM2_ALG_NULL};
	struct tpm *t = session->tpm;

	TRY(tpm_check(t, "TPM2_StartAuthSession",
		      Esys_StartAuthSession(t->esys, ESYS_TR_NONE, ESYS_TR_NONE, NO_SESSIONS, NULL,
					    TPM2_SE_POLICY, &plain, TPM2_ALG_SHA256,
					    &session->handle)));
	return tpm_check(t, "TPM2_PolicySecret",
			 Esys_PolicySecret(t->esys, ESYS_TR_RH_ENDORSEMENT, session->handle,
					   EMPTY_AUTH, NULL, NULL, NULL, 0, NULL, NULL));
}

static const struct err *activate(struct tpm *t, const TPM2B_ID_OBJECT *credential,
				  const TPM2B_ENCRYPTED_SECRET *secret, uint8_t ret[TPM_DIGEST])
{
	AUTO_OBJECT session = NO_OBJECT(t);
	AUTO_OBJECT ek = NO_OBJECT(t);
	AUTO_OBJECT ak = NO_OBJECT(t);
	AUTO_FREE TPM2B_DIGEST *found = NULL;
	struct tpm_blob unused;

	TRY(tpm_key_create(&ak, &tpm_ak_template, &unused));
	TRY(tpm_ek_find(&ek, &unused));
	TRY(ek_session(&session));
	TRY(tpm_check(t, "TPM2_ActivateCredential",
		      Esys_ActivateCredential(t->esys, ak.handle, ek.handle, ESYS_TR_PASSWORD,
					      session.handle, ESYS_TR_NONE, credential, secret,
					      &found)));
	if (found->size != TPM_DIGEST)
		return ERR(ERR_PROTO, "a credential holds %u bytes, not %u", TPM_DIGEST,
			   found->size);
	memcpy(ret, found->buffer, TPM_DIGEST);
	return NULL;
}

const struct err *tpm_activate(struct tpm *t, const struct tpm_blob *credential,
			       const struct tpm_blob *secret, uint8_t ret[TPM_DIGEST])
{
	TPM2B_ENCRYPTED_SECRET encrypted;
	TPM2B_ID_OBJECT object;

	tpm_start_clock(t);
	TRY(decode(credential, secret, &object, &encrypted));
	return activate(t, &object, &encrypted, ret);
}
