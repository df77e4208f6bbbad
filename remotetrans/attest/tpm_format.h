/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tpm_format - structures that a TPM marshals (TPM 2.0 part 2), read through tpm2-tss and OpenSSL.
 *
 * Input: attacker-controlled. PROTO: malformed, or bytes left over.
 */
#ifndef RT_ATTEST_TPM_FORMAT_H
#define RT_ATTEST_TPM_FORMAT_H

#include <openssl/evp.h>

#include "remotetrans/attest/attest.h"

struct quote {
	uint32_t magic; /* 0xff544347: made inside the TPM */
	uint16_t type;  /* 0x8018: a quote */
	uint8_t extra[64];
	uint16_t extra_bytes;
	uint16_t banks;     /* selections in it */
	uint16_t hash;      /* of the first: 0x000b is SHA-256 */
	uint32_t selection; /* bit set of PCRs, of the first */
	uint8_t pcr_digest[64];
	uint16_t pcr_digest_bytes;
	uint64_t clock_ms;
	uint32_t reset_count, restart_count;
	bool is_safe;
};
MUST_CHECK const struct err *quote_decode(const uint8_t *bytes, uint32_t len_bytes,
					  struct quote *ret);

struct tpm_public {
	uint8_t name[ATTEST_NAME_BYTES];
	uint32_t attributes; /* TPMA_OBJECT */
	EVP_PKEY *key;       /* owned; ECC P-256 or RSA */
	bool signs_ecdsa_sha256, signs_rsassa_sha256; /* its only scheme */
};
#define TPM_PUBLIC_FIXED_TPM   0x00000002u
#define TPM_PUBLIC_FIXED_PARENT 0x00000010u
#define TPM_PUBLIC_ORIGIN      0x00000020u /* sensitiveDataOrigin */
#define TPM_PUBLIC_RESTRICTED  0x00010000u
#define TPM_PUBLIC_DECRYPT     0x00020000u
#define TPM_PUBLIC_SIGN        0x00040000u
MUST_CHECK const struct err *tpm_public_decode(const uint8_t *bytes, uint32_t len_bytes,
					       struct tpm_public *ret);
void tpm_public_deinit(struct tpm_public *p);

/* NULL: nothing is wrong with it as an AK; else what is, in words. */
const char *tpm_public_ak_flaw(const struct tpm_public *p);

/* Whether @signature (TPMT_SIGNATURE) is @p's over @message. PROTO: malformed. */
MUST_CHECK const struct err *tpm_signature_check(const struct tpm_public *p,
						 const uint8_t *signature, uint32_t signature_bytes,
						 const uint8_t *message, uint32_t message_bytes,
						 bool *ret);

#endif
