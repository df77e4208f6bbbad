/* SPDX-License-Identifier: MIT */
/* Tags, RFC 8439 section 2.8 without plaintext. Input: session key, attacker-controlled page. */
#include "vmm/core/tag.h"
#include "vmm/core/bytes.h"
#include "vmm/core/chacha20.h"
#include "vmm/core/poly1305.h"

/* The one-time key is the first half of key stream block 0 (RFC 8439 section 2.6). */
static void one_time_init(struct poly1305 *p, const uint8_t key[RTVMM_KEY_BYTES], uint64_t counter)
{
	uint8_t nonce[CHACHA20_NONCE_BYTES] = {0};
	uint8_t block[CHACHA20_BLOCK_BYTES];

	bytes_store_le64(nonce + 4, counter);
	chacha20_block(key, nonce, 0, block);
	poly1305_init(p, block);
	bytes_wipe(block, sizeof(block));
}

void tag_make(const uint8_t key[RTVMM_KEY_BYTES], uint64_t counter, const void *head,
	      uint32_t head_bytes, const void *body, uint32_t body_bytes,
	      uint8_t ret[RTVMM_TAG_BYTES])
{
	struct poly1305 p;
	uint8_t lengths[16] = {0}; /* associated data, ciphertext (none) */

	one_time_init(&p, key, counter);
	poly1305_update(&p, head, head_bytes);
	if (body_bytes)
		poly1305_update(&p, body, body_bytes);
	poly1305_pad(&p);
	bytes_store_le64(lengths, (uint64_t)head_bytes + body_bytes);
	poly1305_update(&p, lengths, sizeof(lengths));
	poly1305_final(&p, ret);
}
