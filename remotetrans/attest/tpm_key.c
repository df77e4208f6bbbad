/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two keys of a TPM that we use. Input: the TPM's answers. */
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

static const struct err *public_put(const struct tpm *t, const TPMT_PUBLIC *public,
				    struct tpm_blob *ret)
{
	size_t len = 0;

	TRY(tpm_check(t, "public area",
		      Tss2_MU_TPMT_PUBLIC_Marshal(public, ret->bytes, TPM_BLOB_MAX, &len)));
	ret->len_bytes = (uint32_t)len;
	return NULL;
}

const struct err *tpm_key_create(struct tpm_object *key, const TPM2B_PUBLIC *template,
				 struct tpm_blob *ret)
{
	static const TPM2B_SENSITIVE_CREATE no_secret;
	static const TPML_PCR_SELECTION no_pcrs;
	static const TPM2B_DATA no_data;
	AUTO_FREE TPM2B_PUBLIC *public = NULL;
	struct tpm *t = key->tpm;

	TRY(tpm_check(t, "TPM2_CreatePrimary",
		      Esys_CreatePrimary(t->esys, ESYS_TR_RH_ENDORSEMENT, EMPTY_AUTH, &no_secret,
					 template, &no_data, &no_pcrs, &key->handle, &public, NULL,
					 NULL, NULL)));
	return public_put(t, &public->publicArea, ret);
}

/* --- an EK that the TPM keeps: making one takes a hardware TPM up to a minute ------------------
 */

#define EK_HANDLE 0x81010001u /* TCG TPM v2.0 Provisioning Guidance, section 7.8 */

/* Whether it is by the template: all but the key itself. */
static bool is_ek(const TPMT_PUBLIC *p)
{
	uint8_t wanted[sizeof(TPMT_PUBLIC)], is[sizeof(TPMT_PUBLIC)];
	size_t wanted_len = 0, len = 0;
	TPMT_PUBLIC without_key = *p;

	without_key.unique = tpm_ek_template.publicArea.unique;
	return !Tss2_MU_TPMT_PUBLIC_Marshal(&tpm_ek_template.publicArea, wanted, sizeof(wanted),
					    &wanted_len) &&
	       !Tss2_MU_TPMT_PUBLIC_Marshal(&without_key, is, sizeof(is), &len) &&
	       len == wanted_len && memcmp(is, wanted, len) == 0;
}

/* @ret: no length: what the TPM keeps there is no EK of ours. */
static const struct err *ek_read(struct tpm_object *ek, struct tpm_blob *ret)
{
	AUTO_FREE TPM2B_PUBLIC *public = NULL;
	struct tpm *t = ek->tpm;

	TRY(tpm_check(t, "TPM2_ReadPublic",
		      Esys_ReadPublic(t->esys, ek->handle, NO_SESSIONS, &public, NULL, NULL)));
	return is_ek(&public->publicArea) ? public_put(t, &public->publicArea, ret) : NULL;
}

const struct err *tpm_ek_find(struct tpm_object *ek, struct tpm_blob *ret)
{
	ret->len_bytes = 0;
	TRY(tpm_handle_find(ek->tpm, EK_HANDLE, &ek->handle));
	ek->is_kept = ek->handle != ESYS_TR_NONE;
	if (ek->is_kept)
		TRY(ek_read(ek, ret));
	if (ret->len_bytes)
		return NULL;
	tpm_object_flush(ek);
	return tpm_key_create(ek, &tpm_ek_template, ret);
}
