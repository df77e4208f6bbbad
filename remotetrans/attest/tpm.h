/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tpm - the TPM 2.0 of this host, through tpm2-tss (ESAPI), over a connection of our own (tpm_link.h).
 *
 * The attestation key (AK) is a primary key of the endorsement hierarchy, ECC P-256 with
 * ECDSA/SHA-256, restricted and signing: the TPM derives the same one from its seed each time, so
 * no file holds it, and what is lost with the seed (another TPM) must be enrolled anew. The
 * endorsement key (EK) is that of the TCG EK Credential Profile, template L-1 (RSA 2048), the one kept
 * at 0x81010001 if it is such, its certificate in NV index 0x01c00002.
 *
 * Every call ends after TPM_TIMEOUT_MS. PEER: no such TPM, none that answers, or it refuses; the
 * message names TCTI, command and the TPM's response code in words, and the remedy.
 */
#ifndef RT_ATTEST_TPM_H
#define RT_ATTEST_TPM_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

#define TPM_TIMEOUT_MS 8000
#define TPM_BLOB_MAX   4096u
#define TPM_DIGEST     32u
#define TPM_PCRS       24u

struct tpm;

/* A structure as the TPM marshals it. */
struct tpm_blob {
	uint8_t bytes[TPM_BLOB_MAX];
	uint32_t len_bytes; /* 0: there is none */
};

/**
 * tpm_open() - connect
 * @tcti: "device:/dev/tpmrm0", "swtpm:path=SOCKET": as tpm2-tools name a TPM; only these two kinds
 * @ret:  out: to be closed with tpm_close(); between calls the TPM holds nothing of ours
 *
 * tpm2-tss's own log is off, unless the environment has TSS2_LOG.
 */
MUST_CHECK const struct err *tpm_open(const char *tcti, struct tpm **ret);
void tpm_close(struct tpm *t);

struct tpm_quote {
	struct tpm_blob quote, signature, ak_public; /* TPMS_ATTEST, TPMT_SIGNATURE, TPMT_PUBLIC */
	uint8_t pcrs[TPM_PCRS][TPM_DIGEST];          /* values of those quoted, lowest first */
	uint32_t pcr_count;
};

/* A quote of ATTEST_PCRS (attest.h), SHA-256 bank; values and quote belong together. */
MUST_CHECK const struct err *tpm_quote(struct tpm *t, const uint8_t qualifying[TPM_DIGEST],
				       struct tpm_quote *ret);

struct tpm_endorsement {
	struct tpm_blob ek_certificate, ek_public, ak_public; /* DER or none; TPMT_PUBLICs */
};
MUST_CHECK const struct err *tpm_endorsement(struct tpm *t, struct tpm_endorsement *ret);

/* TPM2_ActivateCredential for our AK beside our EK. */
MUST_CHECK const struct err *tpm_activate(struct tpm *t, const struct tpm_blob *credential,
					  const struct tpm_blob *secret,
					  uint8_t ret[TPM_DIGEST]);

/* TPM2_PCR_Extend of the SHA-256 bank. */
MUST_CHECK const struct err *tpm_extend(struct tpm *t, uint32_t pcr,
					const uint8_t digest[TPM_DIGEST]);

#endif
