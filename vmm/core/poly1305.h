/* SPDX-License-Identifier: MIT */
/* poly1305 - the one-time authenticator of RFC 8439 section 2.5, in 64-bit integers. */
#ifndef VMM_CORE_POLY1305_H
#define VMM_CORE_POLY1305_H

#include "vmm/core/types.h"

#define POLY1305_KEY_BYTES   32
#define POLY1305_TAG_BYTES   16
#define POLY1305_BLOCK_BYTES 16

struct poly1305 {
	uint64_t r[2];      /* clamped multiplier */
	uint64_t r1_folded; /* r[1] * 5 / 4: what r[1] * 2^128 is modulo 2^130 - 5 */
	uint64_t h[3];      /* accumulator, h[2] < 8 between blocks */
	uint64_t pad[2];
	uint8_t partial[POLY1305_BLOCK_BYTES];
	uint32_t partial_bytes;
};

void poly1305_init(struct poly1305 *p, const uint8_t key[POLY1305_KEY_BYTES]);
void poly1305_update(struct poly1305 *p, const void *bytes, uint32_t len_bytes);

/* Fill the current block with zeros, as the AEAD construction does after each part. */
void poly1305_pad(struct poly1305 *p);

/* The tag; @p is wiped. */
void poly1305_final(struct poly1305 *p, uint8_t ret[POLY1305_TAG_BYTES]);

#endif
