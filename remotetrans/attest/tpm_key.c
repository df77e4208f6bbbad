/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two keys of a TPM that we use, and what they are good for. Input: the TPM's answers, and
 * credentials from the network. */
#include <string.h>

#include <tss2/tss2_mu.h>

#include "remotetrans/attest/tpm_context.h"

/* --- keys: both the same each time, from the TPM's endorsement seed ----------------------------
 */

#define FIXED (TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_SENSITIVEDATAORIGIN)

const TPM2B_PUBLIC tpm_ak_template = {
	.publicArea =
		{
			.type = TPM2_ALG_ECC,
			.nameAlg = TPM2_ALG_SHA256,
			.objectAttributes = FIXED | TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA |
					    TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_SIGN_ENCRYPT,
			.parameters.eccDetail =
				{
					.symmetric.algorithm = TPM2_ALG_NULL,
					.scheme = {.scheme = TPM2_ALG_ECDSA,
						   .details.ecdsa.hashAlg = TPM2_ALG_SHA256},
					.curveID = TPM2_ECC_NIST_P256,
					.kdf.scheme = TPM2_ALG_NULL,
				},
			/* ours alone, and no other key of this kind in the TPM */
			.unique.ecc.x = {.size = 16, .buffer = "RemoteTrans AK 1"},
		},
};

/* TCG EK Credential Profile 2.5, appendix B.3.3: template L-1 */
const TPM2B_PUBLIC tpm_ek_template = {
	.publicArea =
		{
			.type = TPM2_ALG_RSA,
			.nameAlg = TPM2_ALG_SHA256,
			.objectAttributes = FIXED | TPMA_OBJECT_ADMINWITHPOLICY |
					    TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT,
			/* PolicySecret(endorsement hierarchy) */
			.authPolicy = {.size = 32,
				       .buffer = {0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3, 0xf8,
						  0x1a, 0x90, 0xcc, 0x8d, 0x46, 0xa5, 0xd7, 0x24,
						  0xfd, 0x52, 0xd7, 0x6e, 0x06, 0x52, 0x0b, 0x64,
						  0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69, 0xaa}},
			.parameters.rsaDetail =
				{
					.symmetric = {.algorithm = TPM2_ALG_AES,
						      .keyBits.aes = 128,
						      .mode.aes = TPM2_ALG_CFB},
					.scheme.scheme = TPM2_ALG_NULL,
					.keyBits = 2048,
				},
			.unique.rsa.size = 256,
		},
};

const struct err *tpm_key_create(struct tpm_object *key, const TPM2B_PUBLIC *template,
				 struct tpm_blob *ret)
{
	static const TPM2B_SENSITIVE_CREATE no_secret;
	static const TPML_PCR_SELECTION no_pcrs;
	static const TPM2B_DATA no_data;
	AUTO_FREE TPM2B_PUBLIC *public = NULL;
	struct tpm *t = key->tpm;
	size_t len = 0;

	TRY(tpm_check(t, "TPM2_CreatePrimary",
		      Esys_CreatePrimary(t->esys, ESYS_TR_RH_ENDORSEMENT, EMPTY_AUTH, &no_secret,
					 template, &no_data, &no_pcrs, &key->handle, &public, NULL,
					 NULL, NULL)));
	TRY(tpm_check(
		t, "public area",
		Tss2_MU_TPMT_PUBLIC_Marshal(&public->publicArea, ret->bytes, TPM_BLOB_MAX, &len)));
	ret->len_bytes = (uint32_t)len;
	return NULL;
}

/* --- endorsement -------------------------------------------------------------------------------
 */

#define EK_CERTIFICATE_INDEX 0x01c00002u
#define NV_CHUNK_BYTES       512u /* any TPM reads as much at once */

/* False: there is no such index. */
static const struct err *nv_find(struct tpm *t, uint32_t index, ESYS_TR *ret, bool *ret_there)
{
	TSS2_RC rc = Esys_TR_FromTPMPublic(t->esys, index, NO_SESSIONS, ret);

	*ret_there = rc == TSS2_RC_SUCCESS;
	return (rc & ~(TSS2_RC)TPM2_RC_N_MASK) == TPM2_RC_HANDLE
		       ? NULL
		       : tpm_check(t, "TPM2_NV_ReadPublic", rc);
}

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
	ESYS_TR nv = ESYS_TR_NONE;
	bool there;

	ret->len_bytes = 0;
	TRY(nv_find(t, EK_CERTIFICATE_INDEX, &nv, &there));
	if (!there)
		return NULL;
	const struct err *e = nv_read(t, nv, ret);
	Esys_TR_Close(t->esys, &nv);
	return e;
}

const struct err *tpm_endorsement(struct tpm *t, struct tpm_endorsement *ret)
{
	AUTO_OBJECT ek = NO_OBJECT(t);
	AUTO_OBJECT ak = NO_OBJECT(t);

	tpm_start_clock(t);
	TRY(read_certificate(t, &ret->ek_certificate));
	TRY(tpm_key_create(&ek, &tpm_ek_template, &ret->ek_public));
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
	TRY(tpm_key_create(&ek, &tpm_ek_template, &unused));
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
