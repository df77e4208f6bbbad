/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * credential - what only the TPM with a given EK can read, and only if it has a given AK beside it
 * (TPM2_MakeCredential in software: TPM 2.0 part 1, section 24), and whether an EK is accepted.
 *
 * Input: attacker-controlled certificates and public areas.
 */
#ifndef RT_ATTEST_CREDENTIAL_H
#define RT_ATTEST_CREDENTIAL_H

#include "remotetrans/attest/attest.h"
#include "remotetrans/attest/tpm.h"

/* Who vouches for EKs. */
struct endorsement_policy {
	const char *ca;        /* PEM of accepted EK CAs, with intermediates; empty: none */
	const uint8_t *sha256; /* SHA-256 of the one accepted ek_public: decides alone; NULL: none */
};

/**
 * endorsement_check() - is it an EK that we accept, and an AK as it must be?
 * @ret_name: out: the AK's name
 *
 * EK: its certificate is signed by one of the CA's, of today, and holds the public key of
 * ek_public; or ek_public has the pinned hash. Return: NULL; ATTEST with the reason; USAGE; SYSTEM.
 */
MUST_CHECK const struct err *endorsement_check(const struct tpm_endorsement *e,
					       const struct endorsement_policy *p,
					       uint8_t ret_name[ATTEST_NAME_BYTES]);

/* An EK by template L-1, or ATTEST; PROTO. @ret: to be released, also on error. */
struct tpm_public;
MUST_CHECK const struct err *endorsement_read_ek(const struct tpm_blob *ek_public,
						 struct tpm_public *ret);

/* SHA-256 of ek_public: what a user compares and pins. */
MUST_CHECK const struct err *endorsement_fingerprint(const struct tpm_endorsement *e,
						     uint8_t ret[32]);

/* Hide @secret for the TPM that has @ek_public, and an AK of @ak_name. */
MUST_CHECK const struct err *credential_make(const struct tpm_blob *ek_public,
					     const uint8_t ak_name[ATTEST_NAME_BYTES],
					     const uint8_t secret[TPM_DIGEST],
					     struct tpm_blob *ret_credential,
					     struct tpm_blob *ret_secret);

#endif
