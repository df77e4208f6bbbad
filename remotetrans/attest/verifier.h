/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verifier - what the rows of a verdict share: the evidence taken apart, and what is known of it.
 * Within remotetrans/attest only; attest.h is what others call.
 */
#ifndef RT_ATTEST_VERIFIER_H
#define RT_ATTEST_VERIFIER_H

#include "remotetrans/attest/attest.h"
#include "remotetrans/attest/tpm_format.h"

/* What later rows build on. The lower bits: this PCR's events are those of its quoted value. */
#define FACT(n)            (UINT64_C(1) << (n))
#define FACT_REPLAYED(pcr) FACT(pcr)
#define FACT_AK            FACT(32) /* the AK's public area could be read */
#define FACT_QUOTE         FACT(33)
#define FACT_SIGNED        FACT(34)
#define FACT_BANK          FACT(35)
#define FACT_SELECTION     FACT(36)
#define FACT_VALUES        FACT(37)
#define FACT_LOG           FACT(38)
#define FACT_KEYS          FACT(39)
#define FACT_SEPARATOR     FACT(40)

struct verifier {
	const struct evidence *e;
	const struct attest_policy *p;
	uint64_t facts;
	struct tpm_public ak;
	struct quote quote;
	uint8_t values[EVENTLOG_PCRS][EVENTLOG_DIGEST]; /* of the quote's selection */
	struct eventlog log;
	struct attest_report *report;
};

/* A row's check: says what it found with one of row_...(), or returns SYSTEM. */
typedef const struct err *verifier_check(struct verifier *v, struct attest_row *row);

/* Return: NULL always, so that a check can end with it. */
const struct err *row_pass(struct attest_row *row, const char *format, ...) PRINTF(2, 3);
const struct err *row_fail(struct attest_row *row, const char *format, ...) PRINTF(2, 3);
/* A decoder's PROTO fails the row; what else went wrong is passed on. */
MUST_CHECK const struct err *row_malformed(struct attest_row *row, const struct err *e);

/* verifier_quote.c */
verifier_check verify_ak_name, verify_ak_attributes, verify_quote, verify_signature, verify_nonce,
	verify_bank, verify_selection, verify_values;
/* verifier_log.c */
verifier_check verify_log, verify_replay;
/* verifier_launch.c */
verifier_check verify_keys, verify_separator, verify_end, verify_session_key;

#endif
