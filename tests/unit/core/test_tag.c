/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/core/random.h"
#include "vmm/core/tag.h"

#include <openssl/evp.h>

#define INPUTS         1000000
#define SIZE_MAX_BYTES (RTVMM_HEADER_BYTES + RTVMM_FRAME_BYTES)

/* One context for all inputs: making one costs more than a tag. */
static bool openssl_tag(EVP_CIPHER_CTX *c, const uint8_t key[32], uint64_t counter,
			const uint8_t *data, size_t len, uint8_t ret[RTVMM_TAG_BYTES])
{
	uint8_t nonce[12] = {0}, nothing[16];
	int n;

	memcpy(nonce + 4, &counter, sizeof(counter));
	return EVP_EncryptInit_ex(c, NULL, NULL, key, nonce) == 1 &&
	       EVP_EncryptUpdate(c, NULL, &n, data, (int)len) == 1 &&
	       EVP_EncryptFinal_ex(c, nothing, &n) == 1 &&
	       EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, RTVMM_TAG_BYTES, ret) == 1;
}

/* Mostly short messages with every remainder, now and then a whole page; runs of equal bytes too.
 */
static size_t next_message(uint64_t *state, unsigned int i, uint8_t *ret)
{
	size_t len =
		i % 64 == 0 ? RTVMM_HEADER_BYTES + RTVMM_FRAME_BYTES : random_next(state) % 256;

	if (i % 3 == 0)
		memset(ret, (int)(random_next(state) & 1 ? 0xff : random_next(state)), len);
	else
		random_fill(state, ret, len);
	return len;
}

TEST(tag, a_million_inputs_agree_with_openssl)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	static uint8_t message[SIZE_MAX_BYTES];
	uint64_t state = 0x9e3779b97f4a7c15ull;
	unsigned int wrong = 0;

	CU_ASSERT_TRUE_FATAL(EVP_EncryptInit_ex(c, EVP_chacha20_poly1305(), NULL, NULL, NULL) == 1);
	for (unsigned int i = 0; i < INPUTS; i++) {
		uint8_t key[32], tag[RTVMM_TAG_BYTES], expected[RTVMM_TAG_BYTES];
		size_t len = next_message(&state, i, message);
		size_t head = len ? random_next(&state) % (len + 1) : 0;
		uint64_t counter = random_next(&state);

		random_fill(&state, key, sizeof(key));
		if (i % 5 == 0)
			memset(key, (int)random_next(&state), sizeof(key));
		tag_make(key, counter, message, (uint32_t)head, message + head,
			 (uint32_t)(len - head), tag);
		wrong += !openssl_tag(c, key, counter, message, len, expected) ||
			 memcmp(tag, expected, sizeof(tag)) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	EVP_CIPHER_CTX_free(c);
}

/* Where the head ends does not move a byte into the body: the lengths differ only in their sum. */
TEST(tag, every_bit_counts)
{
	static const uint8_t key[32] = {1, 2, 3};
	static uint8_t message[RTVMM_HEADER_BYTES + 64];
	uint8_t tag[RTVMM_TAG_BYTES], other[RTVMM_TAG_BYTES];

	tag_make(key, 7, message, RTVMM_HEADER_BYTES, message + RTVMM_HEADER_BYTES, 64, tag);
	for (size_t bit = 0; bit < 8 * sizeof(message); bit++) {
		message[bit / 8] ^= (uint8_t)(1u << bit % 8);
		tag_make(key, 7, message, RTVMM_HEADER_BYTES, message + RTVMM_HEADER_BYTES, 64,
			 other);
		CU_ASSERT_TRUE(memcmp(tag, other, sizeof(tag)) != 0);
		message[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	tag_make(key, 8, message, RTVMM_HEADER_BYTES, message + RTVMM_HEADER_BYTES, 64, other);
	CU_ASSERT_TRUE(memcmp(tag, other, sizeof(tag)) != 0);
}
