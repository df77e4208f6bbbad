/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trust - which keys of a VMM a session may use, and what vouches for them.
 *
 * A key that the server names is never used, unless the user said so (TRUST_NOBODY) and each run
 * says it.
 */
#ifndef RT_CLIENT_TRUST_H
#define RT_CLIENT_TRUST_H

#include "remotetrans/client/attestation.h"

enum trust_source {
	TRUST_NOBODY,   /* --insecure-unattested: the key that the server names */
	TRUST_PINNED,   /* vmm_key= */
	TRUST_ATTESTED, /* manifest=: a quote for this session, or one that is remembered */
};

struct trust {
	bool anew; /* in: nothing that is remembered counts */
	enum trust_source source;
	uint8_t keys[ATTEST_KEYS_MAX][RTVMM_KEY_BYTES];
	unsigned key_count;
	bool is_remembered;             /* ATTESTED earlier, by this host */
	bool is_outdated;               /* what was remembered is no longer so: attest anew */
	struct state_enrolled enrolled; /* ATTESTED: the host's TPM */
	bool is_enrolled;
	struct state_attested attested; /* ATTESTED: what is, or is to be, remembered */
	char notice[200];               /* for the user to see; empty: nothing */
};

/**
 * trust_find() - what the target says, and what the host proves where it must
 * @link:  of the session to come
 * @hello: its open request
 * @a:     out: what was asked for, if anything; the caller's attestation_deinit()
 *
 * Return: NULL; USAGE: the target says too little; ATTEST naming the check that failed; PEER;
 * PROTO.
 */
MUST_CHECK const struct err *trust_find(struct trust *t, struct link *link, const uint8_t *hello,
					struct attestation *a);

/* Whether @named, the key in the VMM's reply, is one of them; INTEGRITY or ATTEST if not. */
MUST_CHECK const struct err *trust_accept(struct trust *t, const struct target_config *target,
					  const uint8_t *named, const uint8_t **ret);

/* The session's handshake is done: is it the boot that was attested? Remember it. */
MUST_CHECK const struct err *trust_settle(struct trust *t, const struct target_config *target,
					  const uint8_t *key, const uint8_t *boot_id);

#endif
