/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handshake - agree with the VMM on a session key that nobody in between learns.
 *
 * In the shape of Noise NK (rtvmm.h): the VMM's static key is the pinned one, never one that the
 * server says; the VMM's reply is untrusted until its key confirmation tag has been checked.
 */
#ifndef RT_CLIENT_HANDSHAKE_H
#define RT_CLIENT_HANDSHAKE_H

#include <openssl/evp.h>

#include "remotetrans/client/verify.h"

struct handshake {
	EVP_PKEY *ephemeral; /* owned */
	uint8_t challenge[RTVMM_CHALLENGE_BYTES];
	uint8_t request[sizeof(struct rtvmm_open_request)]; /* to be sent */
};

/* Draw an ephemeral key and a challenge. Return: NULL, SYSTEM. */
MUST_CHECK const struct err *handshake_init(struct handshake *h);
void handshake_deinit(struct handshake *h);

/* The key that the reply names: RTVMM_KEY_BYTES, borrowed, untrusted. */
const uint8_t *handshake_named_key(const uint8_t *reply);

/**
 * handshake_finish() - from the VMM's reply to a verifier
 * @reply:   sizeof(struct rtvmm_open_reply) bytes, untrusted
 * @vmm_key: X25519 public key that something vouches for; NULL: an untagged backend that the user accepted
 * @ret:     out: to be released with verify_deinit()
 *
 * Return: NULL; PROTO (malformed); INTEGRITY (another key, no confirmation); SYSTEM.
 */
MUST_CHECK const struct err *handshake_finish(struct handshake *h, const uint8_t *reply,
					      const uint8_t *vmm_key, struct verify *ret);

#endif
