/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Structures that a TPM marshals. Input: attacker-controlled. */
#include "remotetrans/attest/tpm_format.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>
#include <tss2/tss2_mu.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/base/scope.h"

#define P256_BYTES   32u
#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 4096 /* TPM2_MAX_RSA_KEY_BYTES of tpm2-tss */

/*
 * tpm2-tss prints what it also returns, unless a variable says otherwise: for as long as it runs,
 * as the tools that transcall runs inherit our environment. (We have no threads.)
 */
static bool silence_begin(void)
{
	return !getenv("TSS2_LOG") && setenv("TSS2_LOG", "all+none", 0) == 0;
}

static void silence_end(const bool *begun)
{
	if (*begun)
		unsetenv("TSS2_LOG");
}

#define SILENT CLEANUP(silence_end) __attribute__((unused)) bool silent_ = silence_begin()

/* What any Tss2_MU_..._Unmarshal() said. */
static const struct err *unmarshalled(TSS2_RC rc, const char *what, size_t used_bytes,
				      size_t len_bytes)
{
	if (rc != TSS2_RC_SUCCESS)
		return ERR(ERR_PROTO, "%s is malformed", what);
	if (used_bytes != len_bytes)
		return ERR(ERR_PROTO, "%s: %zu bytes left over", what, len_bytes - used_bytes);
	return NULL;
}

/* --- TPMS_ATTEST ----------------------------------------------------------------------------- */

/* tpm2-tss bounds each size by its buffer; this is our own. */
static const struct err *digest_copy(uint8_t *ret, uint16_t *ret_bytes, const BYTE *from,
				     uint16_t len_bytes)
{
	if (len_bytes > sizeof(((struct quote *)0)->extra))
		return ERR(ERR_PROTO, "a digest of %u bytes in the quote", len_bytes);
	memcpy(ret, from, len_bytes);
	*ret_bytes = len_bytes;
	return NULL;
}

static uint32_t selection_bits(const TPMS_PCR_SELECTION *s)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < s->sizeofSelect && i < sizeof(s->pcrSelect); i++)
		bits |= (uint32_t)s->pcrSelect[i] << 8 * i;
	return bits;
}

static const struct err *quote_info(const TPMS_QUOTE_INFO *info, struct quote *ret)
{
	ret->banks = (uint16_t)info->pcrSelect.count;
	if (ret->banks) {
		ret->hash = info->pcrSelect.pcrSelections[0].hash;
		ret->selection = selection_bits(&info->pcrSelect.pcrSelections[0]);
	}
	return digest_copy(ret->pcr_digest, &ret->pcr_digest_bytes, info->pcrDigest.buffer,
			   info->pcrDigest.size);
}

const struct err *quote_decode(const uint8_t *bytes, uint32_t len_bytes, struct quote *ret)
{
	SILENT;
	TPMS_ATTEST a = {0};
	struct quote q;
	size_t at = 0;
	TSS2_RC rc = Tss2_MU_TPMS_ATTEST_Unmarshal(bytes, len_bytes, &at, &a);

	TRY(unmarshalled(rc, "the quote", at, len_bytes));
	q = (struct quote){.magic = a.magic,
			   .type = a.type,
			   .clock_ms = a.clockInfo.clock,
			   .reset_count = a.clockInfo.resetCount,
			   .restart_count = a.clockInfo.restartCount,
			   .is_safe = a.clockInfo.safe == TPM2_YES};
	TRY(digest_copy(q.extra, &q.extra_bytes, a.extraData.buffer, a.extraData.size));
	if (a.type == TPM2_ST_ATTEST_QUOTE)
		TRY(quote_info(&a.attested.quote, &q));
	*ret = q;
	return NULL;
}

/* --- TPMT_PUBLIC ----------------------------------------------------------------------------- */

/* @type: "EC", "RSA". NULL: OpenSSL takes no such key; a point off the curve, for one. */
static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *built)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(built);
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (!c || !params || EVP_PKEY_fromdata_init(c) != 1 ||
	    EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(c);
	OSSL_PARAM_free(params);
	return key;
}

static void coordinate_put(uint8_t *at, const TPM2B_ECC_PARAMETER *c)
{
	memcpy(at + P256_BYTES - c->size, c->buffer, c->size);
}

static EVP_PKEY *ecc_key(const TPMT_PUBLIC *p)
{
	const TPMS_ECC_POINT *point = &p->unique.ecc;
	uint8_t octets[1 + 2 * P256_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
	OSSL_PARAM_BLD *b;
	EVP_PKEY *key = NULL;

	if (p->parameters.eccDetail.curveID != TPM2_ECC_NIST_P256 || point->x.size > P256_BYTES ||
	    point->y.size > P256_BYTES)
		return NULL;
	coordinate_put(octets + 1, &point->x);
	coordinate_put(octets + 1 + P256_BYTES, &point->y);
	b = OSSL_PARAM_BLD_new();
	if (b && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
	    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, octets, sizeof(octets)))
		key = key_from("EC", b);
	OSSL_PARAM_BLD_free(b);
	return key;
}

static EVP_PKEY *rsa_key(const TPMT_PUBLIC *p)
{
	uint32_t exponent = p->parameters.rsaDetail.exponent;
	BIGNUM *n = BN_bin2bn(p->unique.rsa.buffer, p->unique.rsa.size, NULL);
	BIGNUM *e = BN_new();
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	if (n && e && b && BN_num_bits(n) >= RSA_BITS_MIN && BN_num_bits(n) <= RSA_BITS_MAX &&
	    BN_set_word(e, exponent ? exponent : RSA_F4) &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e))
		key = key_from("RSA", b);
	OSSL_PARAM_BLD_free(b);
	BN_free(e);
	BN_free(n);
	return key;
}

/* TPM 2.0 part 1, section 16: nameAlg || H(TPMT_PUBLIC). */
static const struct err *public_name(const uint8_t *bytes, uint32_t len_bytes,
				     uint8_t ret[ATTEST_NAME_BYTES])
{
	ret[0] = TPM2_ALG_SHA256 >> 8;
	ret[1] = TPM2_ALG_SHA256 & 0xff;
	return digest_bytes(bytes, len_bytes, ret + 2);
}

static void public_schemes(const TPMT_PUBLIC *p, struct tpm_public *ret)
{
	const TPMT_ECC_SCHEME *ecc = &p->parameters.eccDetail.scheme;
	const TPMT_RSA_SCHEME *rsa = &p->parameters.rsaDetail.scheme;

	ret->signs_ecdsa_sha256 = p->type == TPM2_ALG_ECC && ecc->scheme == TPM2_ALG_ECDSA &&
				  ecc->details.ecdsa.hashAlg == TPM2_ALG_SHA256;
	ret->signs_rsassa_sha256 = p->type == TPM2_ALG_RSA && rsa->scheme == TPM2_ALG_RSASSA &&
				   rsa->details.rsassa.hashAlg == TPM2_ALG_SHA256;
}

const struct err *tpm_public_decode(const uint8_t *bytes, uint32_t len_bytes,
				    struct tpm_public *ret)
{
	SILENT;
	TPMT_PUBLIC p = {0};
	struct tpm_public out = {0};
	size_t at = 0;
	TSS2_RC rc = Tss2_MU_TPMT_PUBLIC_Unmarshal(bytes, len_bytes, &at, &p);

	TRY(unmarshalled(rc, "the public area", at, len_bytes));
	if (p.nameAlg != TPM2_ALG_SHA256)
		return ERR(ERR_PROTO, "the key's name is not of SHA-256");
	TRY(public_name(bytes, len_bytes, out.name));
	out.attributes = p.objectAttributes;
	public_schemes(&p, &out);
	if (p.type == TPM2_ALG_ECC)
		out.key = ecc_key(&p);
	if (p.type == TPM2_ALG_RSA)
		out.key = rsa_key(&p);
	if (!out.key)
		return ERR(ERR_PROTO, "neither a key on P-256 nor RSA of %d to %d bits",
			   RSA_BITS_MIN, RSA_BITS_MAX);
	*ret = out;
	return NULL;
}

void tpm_public_deinit(struct tpm_public *p)
{
	EVP_PKEY_free(p->key);
	p->key = NULL;
}

const char *tpm_public_ak_flaw(const struct tpm_public *p)
{
	static const struct {
		uint32_t attribute, wanted;
		const char *flaw;
	} rules[] = {
		{TPM_PUBLIC_RESTRICTED, TPM_PUBLIC_RESTRICTED,
		 "not restricted: it signs whatever it is given, a forged quote too"},
		{TPM_PUBLIC_SIGN, TPM_PUBLIC_SIGN, "not a signing key"},
		{TPM_PUBLIC_DECRYPT, 0, "a key that decrypts"},
		{TPM_PUBLIC_FIXED_TPM, TPM_PUBLIC_FIXED_TPM,
		 "not fixedTPM: it can be on another TPM as well"},
		{TPM_PUBLIC_FIXED_PARENT, TPM_PUBLIC_FIXED_PARENT,
		 "not fixedParent: it can be on another TPM as well"},
		{TPM_PUBLIC_ORIGIN, TPM_PUBLIC_ORIGIN,
		 "not sensitiveDataOrigin: it was made outside the TPM"},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if ((p->attributes & rules[i].attribute) != rules[i].wanted)
			return rules[i].flaw;
	if (!p->signs_ecdsa_sha256 && !p->signs_rsassa_sha256)
		return "of another scheme than ECDSA or RSASSA with SHA-256";
	return NULL;
}

/* --- TPMT_SIGNATURE -------------------------------------------------------------------------- */

/* The DER form that OpenSSL takes; 0: none. @ret: to be freed with OPENSSL_free(). */
static int ecdsa_der(const TPMS_SIGNATURE_ECDSA *s, uint8_t **ret)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(s->signatureR.buffer, s->signatureR.size, NULL);
	BIGNUM *t = BN_bin2bn(s->signatureS.buffer, s->signatureS.size, NULL);
	int len = 0;

	if (sig && r && t && ECDSA_SIG_set0(sig, r, t) == 1) {
		r = t = NULL; /* owned by @sig now */
		len = i2d_ECDSA_SIG(sig, ret);
	}
	BN_free(r);
	BN_free(t);
	ECDSA_SIG_free(sig);
	return len > 0 ? len : 0;
}

static bool verifies(EVP_PKEY *key, const uint8_t *signature, size_t signature_bytes,
		     const uint8_t *message, size_t message_bytes)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool yes = c && EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, key) == 1 &&
		   EVP_DigestVerify(c, signature, signature_bytes, message, message_bytes) == 1;

	EVP_MD_CTX_free(c);
	return yes;
}

static bool ecdsa_verifies(EVP_PKEY *key, const TPMS_SIGNATURE_ECDSA *s, const uint8_t *message,
			   size_t message_bytes)
{
	uint8_t *der = NULL;
	int len = s->hash == TPM2_ALG_SHA256 ? ecdsa_der(s, &der) : 0;
	bool yes = len && verifies(key, der, (size_t)len, message, message_bytes);

	OPENSSL_free(der);
	return yes;
}

const struct err *tpm_signature_check(const struct tpm_public *p, const uint8_t *signature,
				      uint32_t signature_bytes, const uint8_t *message,
				      uint32_t message_bytes, bool *ret)
{
	SILENT;
	TPMT_SIGNATURE s = {0};
	const TPMS_SIGNATURE_RSA *rsa = &s.signature.rsassa;
	size_t at = 0;
	TSS2_RC rc = Tss2_MU_TPMT_SIGNATURE_Unmarshal(signature, signature_bytes, &at, &s);

	TRY(unmarshalled(rc, "the signature", at, signature_bytes));
	if (s.sigAlg == TPM2_ALG_ECDSA && p->signs_ecdsa_sha256)
		*ret = ecdsa_verifies(p->key, &s.signature.ecdsa, message, message_bytes);
	else if (s.sigAlg == TPM2_ALG_RSASSA && p->signs_rsassa_sha256)
		*ret = rsa->hash == TPM2_ALG_SHA256 &&
		       verifies(p->key, rsa->sig.buffer, rsa->sig.size, message, message_bytes);
	else
		*ret = false;
	return NULL;
}
