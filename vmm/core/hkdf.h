/* SPDX-License-Identifier: MIT */
/* hkdf - HMAC-SHA256 (RFC 2104) and HKDF-SHA256 (RFC 5869) of one output block. */
#ifndef VMM_CORE_HKDF_H
#define VMM_CORE_HKDF_H

#include "vmm/core/sha256.h"

struct hmac {
	struct sha256 inner;
	uint8_t outer_pad[SHA256_BLOCK_BYTES];
};

/* @key_bytes at most SHA256_BLOCK_BYTES */
void hmac_init(struct hmac *h, const void *key, uint32_t key_bytes);
void hmac_update(struct hmac *h, const void *bytes, uint32_t len_bytes);
/* The MAC; @h is wiped. */
void hmac_final(struct hmac *h, uint8_t ret[SHA256_BYTES]);

struct hkdf_input {
	const void *salt; /* at most SHA256_BLOCK_BYTES */
	uint32_t salt_bytes;
	const void *ikm;
	uint32_t ikm_bytes;
	const void *info;
	uint32_t info_bytes;
};

/* Extract and expand to the first 32 bytes. */
void hkdf_sha256(const struct hkdf_input *in, uint8_t ret[SHA256_BYTES]);

#endif
