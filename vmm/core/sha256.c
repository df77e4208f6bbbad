/* SPDX-License-Identifier: MIT */
/* SHA-256, FIPS 180-4 section 6.2. Input: may be secret; no data-dependent time. */
#include "vmm/core/sha256.h"
#include "vmm/core/bytes.h"

/* FIPS 180-4 section 4.2.2 */
/* clang-format off */
static const uint32_t round_constant[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
/* clang-format on */

/* FIPS 180-4 section 5.3.3 */
static const uint32_t initial_state[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static inline uint32_t rotate_right(uint32_t v, uint32_t bits)
{
	return v >> bits | v << (32 - bits);
}

static void schedule(const uint8_t *block, uint32_t w[64])
{
	for (uint32_t t = 0; t < 16; t++)
		w[t] = bytes_load_be32(block + 4 * t);
	for (uint32_t t = 16; t < 64; t++) {
		uint32_t a = w[t - 15], b = w[t - 2];
		uint32_t sigma0 = rotate_right(a, 7) ^ rotate_right(a, 18) ^ a >> 3;
		uint32_t sigma1 = rotate_right(b, 17) ^ rotate_right(b, 19) ^ b >> 10;

		w[t] = sigma1 + w[t - 7] + sigma0 + w[t - 16];
	}
}

/* v[] holds a..h of FIPS 180-4; a round moves each one place on */
static void one_round(uint32_t v[8], uint32_t word)
{
	uint32_t sum1 = rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25);
	uint32_t sum0 = rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22);
	uint32_t choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
	uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
	uint32_t t1 = v[7] + sum1 + choose + word;

	for (uint32_t i = 7; i > 0; i--)
		v[i] = v[i - 1];
	v[4] += t1;
	v[0] = t1 + sum0 + majority;
}

static void compress(struct sha256 *s, const uint8_t *block)
{
	uint32_t w[64];
	uint32_t v[8];

	schedule(block, w);
	bytes_copy(v, s->state, sizeof(v));
	for (uint32_t t = 0; t < 64; t++)
		one_round(v, round_constant[t] + w[t]);
	for (uint32_t i = 0; i < 8; i++)
		s->state[i] += v[i];
	bytes_wipe(w, sizeof(w));
	bytes_wipe(v, sizeof(v));
}

void sha256_init(struct sha256 *s)
{
	bytes_zero(s, sizeof(*s));
	bytes_copy(s->state, initial_state, sizeof(s->state));
}

void sha256_update(struct sha256 *s, const void *bytes, uint32_t len_bytes)
{
	const uint8_t *at = bytes;

	while (len_bytes) {
		uint32_t used = (uint32_t)(s->hashed_bytes % SHA256_BLOCK_BYTES);
		uint32_t take = SHA256_BLOCK_BYTES - used;

		if (take > len_bytes)
			take = len_bytes;
		bytes_copy(s->partial + used, at, take);
		s->hashed_bytes += take;
		at += take;
		len_bytes -= take;
		if (used + take == SHA256_BLOCK_BYTES)
			compress(s, s->partial);
	}
}

void sha256_final(struct sha256 *s, uint8_t ret[SHA256_BYTES])
{
	static const uint8_t padding[SHA256_BLOCK_BYTES] = {0x80};
	uint32_t used = (uint32_t)(s->hashed_bytes % SHA256_BLOCK_BYTES);
	uint8_t length_bits[8];

	bytes_store_be64(length_bits, s->hashed_bytes * 8);
	sha256_update(s, padding, (used < 56 ? 56 : 120) - used);
	sha256_update(s, length_bits, sizeof(length_bits));
	for (uint32_t i = 0; i < 8; i++)
		bytes_store_be32(ret + 4 * i, s->state[i]);
	bytes_wipe(s, sizeof(*s));
}
