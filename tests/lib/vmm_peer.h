/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmm_peer - the client's side of rtvmm.h for tests, independent of the VMM core: its cryptography
 * is OpenSSL's, its checks are written from the header's text.
 */
#ifndef TESTS_LIB_VMM_PEER_H
#define TESTS_LIB_VMM_PEER_H

#include <stdbool.h>
#include <stddef.h>

#include "remotetrans/base/err.h"
#include "vmm/include/rtvmm.h"

struct vmm_peer {
	uint8_t ephemeral_secret[RTVMM_KEY_BYTES];
	struct rtvmm_open_request request;
	struct rtvmm_open_reply reply;
	uint8_t key[RTVMM_KEY_BYTES];
	uint64_t last_counter;
};

/* Fill in @p->request with a fresh ephemeral key and challenge. */
MUST_CHECK const struct err *vmm_peer_begin(struct vmm_peer *p);

/* Derive the key from @reply and check its confirmation. INTEGRITY when anything is off. */
MUST_CHECK const struct err *vmm_peer_finish(struct vmm_peer *p,
					     const struct rtvmm_open_reply *reply);

/* A request of this session with a fresh challenge. */
struct rtvmm_request vmm_peer_request(const struct vmm_peer *p, enum rtvmm_op op);

/* Check every bound field and the tag. INTEGRITY naming the first that is off. */
MUST_CHECK const struct err *vmm_peer_verify(struct vmm_peer *p, const struct rtvmm_request *r,
					     enum rtvmm_record_type type, uint64_t subject,
					     const struct rtvmm_record *record,
					     const void *payload);

/* OpenSSL's tag over @head || @body; false when OpenSSL fails. */
bool vmm_peer_tag(const uint8_t key[RTVMM_KEY_BYTES], uint64_t counter, const void *head,
		  size_t head_bytes, const void *body, size_t body_bytes,
		  uint8_t ret[RTVMM_TAG_BYTES]);

/* X25519 by OpenSSL; false for an all-zero result. */
bool vmm_peer_x25519(const uint8_t secret[RTVMM_KEY_BYTES], const uint8_t public[RTVMM_KEY_BYTES],
		     uint8_t ret[RTVMM_KEY_BYTES]);

/* HKDF-SHA256 to 32 bytes by OpenSSL. */
bool vmm_peer_hkdf(const void *salt, size_t salt_bytes, const void *ikm, size_t ikm_bytes,
		   const void *info, size_t info_bytes, uint8_t ret[32]);

#endif
