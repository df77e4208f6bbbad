/* SPDX-License-Identifier: MIT */
/* ChaCha20 block function, RFC 8439 section 2.3. Input: secret key; no data-dependent time. */
#include "vmm/core/chacha20.h"
#include "vmm/core/bytes.h"

#define WORDS         16
#define DOUBLE_ROUNDS 10

static inline uint32_t rotate_left(uint32_t v, uint32_t bits)
{
	return v << bits | v >> (32 - bits);
}

/* RFC 8439 section 2.1 */
static inline void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
	*a += *b;
	*d = rotate_left(*d ^ *a, 16);
	*c += *d;
	*b = rotate_left(*b ^ *c, 12);
	*a += *b;
	*d = rotate_left(*d ^ *a, 8);
	*c += *d;
	*b = rotate_left(*b ^ *c, 7);
}

static inline void double_round(uint32_t x[WORDS])
{
	quarter_round(&x[0], &x[4], &x[8], &x[12]); /* columns */
	quarter_round(&x[1], &x[5], &x[9], &x[13]);
	quarter_round(&x[2], &x[6], &x[10], &x[14]);
	quarter_round(&x[3], &x[7], &x[11], &x[15]);
	quarter_round(&x[0], &x[5], &x[10], &x[15]); /* diagonals */
	quarter_round(&x[1], &x[6], &x[11], &x[12]);
	quarter_round(&x[2], &x[7], &x[8], &x[13]);
	quarter_round(&x[3], &x[4], &x[9], &x[14]);
}

void chacha20_block(const uint8_t key[CHACHA20_KEY_BYTES],
		    const uint8_t nonce[CHACHA20_NONCE_BYTES], uint32_t counter,
		    uint8_t ret[CHACHA20_BLOCK_BYTES])
{
	uint32_t start[WORDS] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
	uint32_t x[WORDS];

	for (uint32_t i = 0; i < 8; i++)
		start[4 + i] = bytes_load_le32(key + 4 * i);
	start[12] = counter;
	for (uint32_t i = 0; i < 3; i++)
		start[13 + i] = bytes_load_le32(nonce + 4 * i);
	bytes_copy(x, start, sizeof(x));
	for (uint32_t i = 0; i < DOUBLE_ROUNDS; i++)
		double_round(x);
	for (uint32_t i = 0; i < WORDS; i++)
		bytes_store_le32(ret + 4 * i, x[i] + start[i]);
	bytes_wipe(x, sizeof(x));
	bytes_wipe(start, sizeof(start));
}
