/* SPDX-License-Identifier: MIT */
/* poly1305 - the one-time authenticator of RFC 8439 section 2.5, in 64-bit integers. */
#ifndef VMM_CORE_POLY1305_H
#define VMM_CORE_POLY1305_H

#include "vmm/core/types.h"

#define POLY1305_KEY_BYTES   32
#define POLY1305_TAG_BYTES   16
#define POLY1305_BLOCK_BYTES 16

/* A number modulo 2^130 - 5 in limbs of 44, 44 and 42 bits. */
struct poly1305_number {
	uint64_t limb[3];
};

struct poly1305 {
	struct poly1305_number r;
	struct poly1305_number r_squared;
	struct poly1305_number h; /* the accumulator */
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
