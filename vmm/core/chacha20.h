/* SPDX-License-Identifier: MIT */
/* chacha20 - one block of the ChaCha20 key stream (RFC 8439 section 2.3). */
#ifndef VMM_CORE_CHACHA20_H
#define VMM_CORE_CHACHA20_H

#include "vmm/core/types.h"

#define CHACHA20_KEY_BYTES   32
#define CHACHA20_NONCE_BYTES 12
#define CHACHA20_BLOCK_BYTES 64

/**
 * chacha20_block() - the key stream block number @counter
 * @ret: secret like the key: the caller wipes it
 */
void chacha20_block(const uint8_t key[CHACHA20_KEY_BYTES],
		    const uint8_t nonce[CHACHA20_NONCE_BYTES], uint32_t counter,
		    uint8_t ret[CHACHA20_BLOCK_BYTES]);

#endif
