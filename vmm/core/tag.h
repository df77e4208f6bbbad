/* SPDX-License-Identifier: MIT */
/*
 * tag - what makes a record trustworthy: ChaCha20-Poly1305 (RFC 8439 section 2.8) with an empty
 * plaintext, over two pieces of associated data taken as one.
 */
#ifndef VMM_CORE_TAG_H
#define VMM_CORE_TAG_H

#include "vmm/core/types.h"

/**
 * tag_make() - tag @head || @body
 * @counter: the nonce; never used twice with one key, the session sees to that
 * @body:    may be NULL when @body_bytes is 0
 */
void tag_make(const uint8_t key[RTVMM_KEY_BYTES], uint64_t counter, const void *head,
	      uint32_t head_bytes, const void *body, uint32_t body_bytes,
	      uint8_t ret[RTVMM_TAG_BYTES]);

#endif
