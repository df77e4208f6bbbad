/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose EK it is. Input: attacker-controlled certificates and public areas. */
#include "remotetrans/attest/credential.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "remotetrans/attest/openssl_scope.h"
#include "remotetrans/attest/tpm_format.h"

#define EK_BITS 2048 /* template L-1 */

FREED_BY(X509, X509_free)
FREED_BY(X509_STORE, X509_STORE_free)
FREED_BY(X509_STORE_CTX, X509_STORE_CTX_free)

#define EK_MUST                                                                                    \
	(TPM_PUBLIC_FIXED_TPM | TPM_PUBLIC_FIXED_PARENT | TPM_PUBLIC_ORIGIN |                      \
	 TPM_PUBLIC_RESTRICTED | TPM_PUBLIC_DECRYPT)

static bool is_ek(const struct tpm_public *p)
{
	return EVP_PKEY_is_a(p->key, "RSA") && EVP_PKEY_get_bits(p->key) == EK_BITS &&
	       (p->attributes & (EK_MUST | TPM_PUBLIC_SIGN)) == EK_MUST;
}

const struct err *endorsement_read_ek(const struct tpm_blob *ek_public, struct tpm_public *ret)
{
	TRY(tpm_public_decode(ek_public->bytes, ek_public->len_bytes, ret));
	if (is_ek(ret))
		return NULL;
	return ERR(ERR_ATTEST, "the TPM's EK is none (RSA %d, fixed, restricted, decrypting)",
		   EK_BITS);
}

const struct err *endorsement_fingerprint(const struct tpm_endorsement *e, uint8_t ret[32])
{
	if (EVP_Digest(e->ek_public.bytes, e->ek_public.len_bytes, ret, NULL, EVP_sha256(), NULL) ==
	    1)
		return NULL;
	return ERR(ERR_SYSTEM, "SHA-256 failed");
}

static const struct err *check_pinned(const struct tpm_endorsement *e, const uint8_t pinned[32])
{
	uint8_t is[32];

	TRY(endorsement_fingerprint(e, is));
	return memcmp(is, pinned, sizeof(is)) == 0
		       ? NULL
		       : ERR(ERR_ATTEST, "the TPM's EK is not the pinned one");
}

static const struct err *read_authorities(const char *path, X509_STORE **ret)
{
	*ret = X509_STORE_new();
	if (!*ret)
		return ERR(ERR_SYSTEM, "EK certificate: no memory");
	if (X509_STORE_load_file(*ret, path) == 1)
		return NULL;
	ERR_clear_error();
	return ERR(ERR_USAGE, "%s holds no certificates of EK authorities (PEM)", path);
}

/* Any purpose: an EK certificate's is its own (TCG EK Credential Profile, section 3.2), and so is
 * its critical subject alternative name, which names the TPM's model. Each of the file's
 * certificates is trusted: its user may accept an intermediate authority alone. */
static const struct err *check_chain(X509 *certificate, X509_STORE *authorities)
{
	AUTO(X509_STORE_CTX) *x = X509_STORE_CTX_new();

	if (!x || X509_STORE_CTX_init(x, authorities, certificate, NULL) != 1 ||
	    X509_STORE_CTX_set_purpose(x, X509_PURPOSE_ANY) != 1)
		return ERR(ERR_SYSTEM, "EK certificate: no memory");
	X509_STORE_CTX_set_flags(x, X509_V_FLAG_PARTIAL_CHAIN);
	if (X509_verify_cert(x) == 1)
		return NULL;
	ERR_clear_error();
	return ERR(ERR_ATTEST, "the EK's certificate is not accepted: %s",
		   X509_verify_cert_error_string(X509_STORE_CTX_get_error(x)));
}

static const struct err *check_certificate(const struct tpm_endorsement *e, const char *ca,
					   EVP_PKEY *ek)
{
	const unsigned char *at = e->ek_certificate.bytes;
	AUTO(X509_STORE) *authorities = NULL;

	TRY(read_authorities(ca, &authorities));
	if (!e->ek_certificate.len_bytes)
		return ERR(ERR_ATTEST,
			   "the TPM has no EK certificate: pin its EK instead, after a look at it");
	/* a TPM may pad it */
	AUTO(X509) *certificate = d2i_X509(NULL, &at, (long)e->ek_certificate.len_bytes);
	EVP_PKEY *certified = certificate ? X509_get0_pubkey(certificate) : NULL;
	ERR_clear_error();
	if (!certified)
		return ERR(ERR_ATTEST, "the EK's certificate cannot be read");
	TRY(check_chain(certificate, authorities));
	if (EVP_PKEY_eq(certified, ek) != 1)
		return ERR(ERR_ATTEST, "the EK's certificate is of another key");
	return NULL;
}

static const struct err *check_ek(const struct tpm_endorsement *e,
				  const struct endorsement_policy *p)
{
	AUTO_PUBLIC ek = {0};

	TRY(endorsement_read_ek(&e->ek_public, &ek));
	if (p->sha256)
		return check_pinned(e, p->sha256);
	if (p->ca[0])
		return check_certificate(e, p->ca, ek.key);
	return ERR(ERR_USAGE, "no EK is accepted: name EK authorities, or pin an EK");
}

const struct err *endorsement_check(const struct tpm_endorsement *e,
				    const struct endorsement_policy *p,
				    uint8_t ret_name[ATTEST_NAME_BYTES])
{
	AUTO_PUBLIC ak = {0};

	TRY(check_ek(e, p));
	TRY(tpm_public_decode(e->ak_public.bytes, e->ak_public.len_bytes, &ak));
	const char *flaw = tpm_public_ak_flaw(&ak);
	if (flaw)
		return ERR(ERR_ATTEST, "the TPM's AK: %s", flaw);
	memcpy(ret_name, ak.name, ATTEST_NAME_BYTES);
	return NULL;
}
