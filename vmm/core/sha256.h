/* SPDX-License-Identifier: MIT */
/* sha256 - FIPS 180-4 SHA-256, for the handshake only. */
#ifndef VMM_CORE_SHA256_H
#define VMM_CORE_SHA256_H

#include "vmm/core/types.h"

#define SHA256_BYTES       32
#define SHA256_BLOCK_BYTES 64

struct sha256 {
	uint32_t state[8];
	uint64_t hashed_bytes;
	uint8_t partial[SHA256_BLOCK_BYTES];
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *bytes, uint32_t len_bytes);
/* The hash; @s is wiped. */
void sha256_final(struct sha256 *s, uint8_t ret[SHA256_BYTES]);

#endif
