/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attester - the one process of remotetransd that talks to the TPM.
 *
 * All clients' processes inherit one socket to it. Each sends its request with one end of a fresh
 * socket pair, on which the answer comes. The attester serves one request at a time and opens the
 * TPM for each. If it ends, the listener starts another, which finds the requests that wait.
 */
#ifndef RT_SERVER_ATTESTER_H
#define RT_SERVER_ATTESTER_H

#include <sys/types.h>

#include "remotetrans/attest/tpm.h"
#include "remotetrans/server/config.h"
#include "remotetrans/wire/msg.h"

/* How long an answer is waited for: one request's own time, and those before it. */
#define ATTESTER_TIMEOUT_MS (TPM_TIMEOUT_MS + 4000)

enum attester_op { ATTESTER_QUOTE = 1, ATTESTER_ENDORSE, ATTESTER_ACTIVATE };

struct attester_request {
	enum attester_op op;
	uint8_t qualifying[TPM_DIGEST];     /* QUOTE */
	struct tpm_blob credential, secret; /* ACTIVATE */
};

struct attester_answer {
	enum wire_error refusal;       /* BUSY, BACKEND; 0: none */
	char why[WIRE_REMARK_MAX + 1]; /* with it: cause and remedy */
	union {
		struct tpm_quote quote;
		struct tpm_endorsement endorsement;
		uint8_t secret[TPM_DIGEST]; /* ACTIVATE */
	};
};

struct attester {
	const struct server_config *config; /* borrowed */
	int ask_fd, serve_fd;               /* of requests; owned; -1: there is no TPM */
	pid_t pid;                          /* 0: none runs */
	uint64_t start_at_ns; /* not before, so that one that cannot live costs little */
};

/* --- the listener's -------------------------------------------------------------------------- */

/* Nothing runs yet. Without tpm= nothing ever will. */
MUST_CHECK const struct err *attester_init(struct attester *a, const struct server_config *c);
void attester_deinit(struct attester *a);

/* Start it, if none runs and it is time. Return: milliseconds until the next look; -1: none is due.
 */
int attester_tend(struct attester *a);

/* Process @pid has ended. False: it was none of this kind. */
bool attester_ended(struct attester *a, pid_t pid);

/* --- a client's process ---------------------------------------------------------------------- */

/* Before attester_ask(); this process can ask, but not serve. */
void attester_enter(struct attester *a);

/* @ret: out, in every case */
void attester_ask(const struct attester_request *request, struct attester_answer *ret);

#endif
