/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attestation - ask a host for evidence of what it booted, made for one session's hello, and judge
 * it. Input: attacker-controlled answers.
 */
#ifndef RT_CLIENT_ATTESTATION_H
#define RT_CLIENT_ATTESTATION_H

#include "remotetrans/attest/attest.h"
#include "remotetrans/attest/manifest.h"
#include "remotetrans/client/link.h"
#include "remotetrans/client/state.h"

struct attestation {
	struct attest_report report;  /* no rows: nothing was asked for */
	uint8_t qualifying[32];       /* what the quote had to be made for */
	struct msg_evidence evidence; /* views of the bytes below */
	uint8_t *bytes;               /* owned */
};

/**
 * attestation_ask() - one request to the host's attester, and the verdict
 * @link:     of the session; not used when the target names another attester=
 * @hello:    RTVMM open request of the session to come: the quote is bound to it
 * @manifest: that it must fit
 * @ak:       the enrolled attestation key, 32 bytes as in struct state_enrolled; NULL: none is
 * @ret:      out: evidence and report; attestation_deinit() in any case
 *
 * Return: NULL when everything was judged, whatever the verdict; ATTEST: the host says
 * that it can give none; PEER; PROTO.
 */
MUST_CHECK const struct err *attestation_ask(struct link *link, const uint8_t *hello,
					     const struct manifest *manifest, const uint8_t *ak,
					     struct attestation *ret);
void attestation_deinit(struct attestation *a);

/**
 * enrolment_run() - accept a host's TPM: its EK by @policy, its AK by activating a credential
 * @ret: out: to be written with state_write_enrolled()
 *
 * Return: NULL; ATTEST with the reason; USAGE; PEER; PROTO.
 */
struct endorsement_policy;
MUST_CHECK const struct err *enrolment_run(const struct target_config *target,
					   const struct endorsement_policy *policy,
					   struct state_enrolled *ret);

/* The target as whose server its attester is reached. */
struct target_config attester_of(const struct target_config *target);

#endif
