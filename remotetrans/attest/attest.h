/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attest - what a host says of itself, and the verdict on it.
 *
 * Input: attacker-controlled evidence. attest_verify() makes every check of docs/ATTESTATION.md and
 * keeps a row for each, so that whoever reads the report sees which one failed and why.
 */
#ifndef RT_ATTEST_ATTEST_H
#define RT_ATTEST_ATTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "remotetrans/attest/eventlog.h"
#include "remotetrans/base/err.h"
#include "vmm/include/rtlaunch.h"

/* PCRs that a quote must cover, as a bit set: all static ones but 10 (IMA's). */
#define ATTEST_PCRS 0xfbffu

#define ATTEST_NAME_BYTES 34u /* TPM2B_NAME's contents: algorithm, SHA-256 */
#define ATTEST_KEYS_MAX   64u /* VMM keys in one log */

struct manifest;

/* All borrowed. */
struct evidence {
	const uint8_t *quote, *signature, *ak_public, *pcrs, *log;
	uint32_t quote_bytes, signature_bytes, ak_public_bytes, pcrs_bytes, log_bytes;
};

/* What the evidence must fit. */
struct attest_policy {
	const struct manifest *manifest;
	const uint8_t *ak_name;    /* ATTEST_NAME_BYTES, from enrolment; NULL: not enrolled: fails */
	const uint8_t *qualifying; /* 32 bytes that the quote must have been made for */
	const uint8_t *vmm_key;    /* key that must be in the log; NULL: whatever is in it */
};

enum attest_status { ATTEST_PASSED, ATTEST_FAILED, ATTEST_SKIPPED /* for what failed before */ };

struct attest_row {
	const char *name; /* "signature", "PCR 4", ...; static */
	enum attest_status status;
	char reason[200]; /* FAILED: what is wrong; PASSED: what was seen, in short */
};

#define ATTEST_ROWS_MAX 40u

struct attest_report {
	struct attest_row rows[ATTEST_ROWS_MAX];
	unsigned row_count;
	bool passed; /* every row did */
	/* only when passed: */
	uint8_t vmm_keys[ATTEST_KEYS_MAX][32];
	unsigned key_count;
	uint32_t reset_count, restart_count; /* TPMS_CLOCK_INFO, of this boot */
};

/* Return: NULL, also when the evidence fails: see @ret; SYSTEM. */
MUST_CHECK const struct err *attest_verify(const struct evidence *e, const struct attest_policy *p,
					   struct attest_report *ret);

/* The first row that failed; NULL: none. */
const struct attest_row *attest_first_failure(const struct attest_report *r);

/* qualifyingData = SHA-256("RemoteTrans attestation 1" || nonce || hello). */
MUST_CHECK const struct err *attest_qualifying(const uint8_t nonce[32], const uint8_t *hello,
					       uint32_t hello_bytes, uint8_t ret[32]);

#endif
