/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core's tags, by OpenSSL, which has vector instructions; in vmmd this stands in for
 * vmm/core/tag.c, which a hypervisor can use, too. Input: session key, attacker-controlled page.
 */
#include "vmm/core/tag.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "vmm/core/bytes.h"
#include "vmm/core/chacha20.h"
#include "vmm/vmmd/tag.h"

#define ONE_TIME_KEY_BYTES 32 /* RFC 8439 section 2.6 */
#define BLOCK_BYTES        16

/* Holds the key of one tag only, never a session's. */
static EVP_MAC_CTX *context;

const struct err *tag_open(void)
{
	EVP_MAC *poly1305 = EVP_MAC_fetch(NULL, "POLY1305", NULL);

	context = poly1305 ? EVP_MAC_CTX_new(poly1305) : NULL;
	EVP_MAC_free(poly1305);
	return context ? NULL : ERR(ERR_SYSTEM, "OpenSSL has no Poly1305");
}

/* The one-time key is the first half of key stream block 0. */
static bool begin(const uint8_t key[RTVMM_KEY_BYTES], uint64_t counter)
{
	uint8_t nonce[CHACHA20_NONCE_BYTES] = {0};
	uint8_t block[CHACHA20_BLOCK_BYTES];

	if (!context && tag_open())
		return false;
	bytes_store_le64(nonce + 4, counter);
	chacha20_block(key, nonce, 0, block);
	bool begun = EVP_MAC_init(context, block, ONE_TIME_KEY_BYTES, NULL) == 1;
	bytes_wipe(block, sizeof(block));
	return begun;
}

/* Head and body are associated data (RFC 8439 section 2.8); there is no ciphertext. */
static bool add(const void *head, uint32_t head_bytes, const void *body, uint32_t body_bytes)
{
	static const uint8_t zero[BLOCK_BYTES];
	uint64_t len_bytes = (uint64_t)head_bytes + body_bytes;
	uint8_t lengths[16] = {0};

	bytes_store_le64(lengths, len_bytes);
	return EVP_MAC_update(context, head, head_bytes) == 1 &&
	       (!body_bytes || EVP_MAC_update(context, body, body_bytes) == 1) &&
	       EVP_MAC_update(context, zero, -len_bytes % BLOCK_BYTES) == 1 &&
	       EVP_MAC_update(context, lengths, sizeof(lengths)) == 1;
}

/* A tag that cannot be made is one that nobody accepts. */
void tag_make(const uint8_t key[RTVMM_KEY_BYTES], uint64_t counter, const void *head,
	      uint32_t head_bytes, const void *body, uint32_t body_bytes,
	      uint8_t ret[RTVMM_TAG_BYTES])
{
	size_t made_bytes = 0;

	memset(ret, 0, RTVMM_TAG_BYTES);
	if (begin(key, counter) && add(head, head_bytes, body, body_bytes))
		(void)EVP_MAC_final(context, ret, &made_bytes, RTVMM_TAG_BYTES);
}
