/* SPDX-License-Identifier: MIT */
/*
 * Poly1305, RFC 8439 section 2.5. Input: secret key, attacker-controlled message; no
 * data-dependent time.
 *
 * The accumulator is h[0] + h[1] * 2^64 + h[2] * 2^128. The clamp leaves r[0] and r[1] below 2^60,
 * so the products of one block and their sums fit in 128 bits without carrying in between, and
 * it leaves r[1] a multiple of 4: r[1] * 2^128 = (r[1] / 4) * 2^130 = (r[1] / 4) * 5 mod p.
 */
#include "vmm/core/poly1305.h"
#include "vmm/core/bytes.h"

__extension__ typedef unsigned __int128 uint128;

#define CLAMP_R0 0x0ffffffc0fffffffull /* RFC 8439 section 2.5 */
#define CLAMP_R1 0x0ffffffc0ffffffcull

void poly1305_init(struct poly1305 *p, const uint8_t key[POLY1305_KEY_BYTES])
{
	bytes_zero(p, sizeof(*p));
	p->r[0] = bytes_load_le64(key) & CLAMP_R0;
	p->r[1] = bytes_load_le64(key + 8) & CLAMP_R1;
	p->r1_folded = p->r[1] + (p->r[1] >> 2);
	p->pad[0] = bytes_load_le64(key + 16);
	p->pad[1] = bytes_load_le64(key + 24);
}

/* h = (h + block + @top * 2^128) * r mod p, partly reduced; @blocks times */
static void absorb(struct poly1305 *p, const uint8_t *at, uint32_t blocks, uint64_t top)
{
	uint64_t r0 = p->r[0], r1 = p->r[1], s1 = p->r1_folded;
	uint64_t h0 = p->h[0], h1 = p->h[1], h2 = p->h[2];

	for (; blocks; blocks--, at += POLY1305_BLOCK_BYTES) {
		uint128 sum = (uint128)h0 + bytes_load_le64(at);
		uint128 low, mid;

		h0 = (uint64_t)sum;
		sum = (uint128)h1 + bytes_load_le64(at + 8) + (uint64_t)(sum >> 64);
		h1 = (uint64_t)sum;
		h2 += (uint64_t)(sum >> 64) + top;

		low = (uint128)h0 * r0 + (uint128)h1 * s1;
		mid = (uint128)h0 * r1 + (uint128)h1 * r0 + (uint128)h2 * s1;
		mid += (uint64_t)(low >> 64);
		h2 = h2 * r0 + (uint64_t)(mid >> 64);

		/* bits from 130 up come back times 5 */
		sum = (uint128)(uint64_t)low + (h2 >> 2) + (h2 & ~3ull);
		h0 = (uint64_t)sum;
		sum = (uint128)(uint64_t)mid + (uint64_t)(sum >> 64);
		h1 = (uint64_t)sum;
		h2 = (h2 & 3) + (uint64_t)(sum >> 64);
	}
	p->h[0] = h0;
	p->h[1] = h1;
	p->h[2] = h2;
}

/* Top up the partial block first; returns how many bytes that took. */
static uint32_t fill_partial(struct poly1305 *p, const uint8_t *at, uint32_t len_bytes)
{
	uint32_t take = POLY1305_BLOCK_BYTES - p->partial_bytes;

	if (!p->partial_bytes)
		return 0;
	if (take > len_bytes)
		take = len_bytes;
	bytes_copy(p->partial + p->partial_bytes, at, take);
	p->partial_bytes += take;
	if (p->partial_bytes == POLY1305_BLOCK_BYTES) {
		absorb(p, p->partial, 1, 1);
		p->partial_bytes = 0;
	}
	return take;
}

void poly1305_update(struct poly1305 *p, const void *bytes, uint32_t len_bytes)
{
	const uint8_t *at = bytes;
	uint32_t taken = fill_partial(p, at, len_bytes);
	uint32_t blocks = (len_bytes - taken) / POLY1305_BLOCK_BYTES;

	absorb(p, at + taken, blocks, 1);
	taken += blocks * POLY1305_BLOCK_BYTES;
	if (taken < len_bytes) {
		bytes_copy(p->partial, at + taken, len_bytes - taken);
		p->partial_bytes = len_bytes - taken;
	}
}

void poly1305_pad(struct poly1305 *p)
{
	if (!p->partial_bytes)
		return;
	bytes_zero(p->partial + p->partial_bytes, POLY1305_BLOCK_BYTES - p->partial_bytes);
	absorb(p, p->partial, 1, 1);
	p->partial_bytes = 0;
}

/* A last block that is not full ends with a 1 byte instead of the 2^128 bit. */
static void absorb_last(struct poly1305 *p)
{
	if (!p->partial_bytes)
		return;
	p->partial[p->partial_bytes] = 1;
	for (uint32_t i = p->partial_bytes + 1; i < POLY1305_BLOCK_BYTES; i++)
		p->partial[i] = 0;
	absorb(p, p->partial, 1, 0);
}

void poly1305_final(struct poly1305 *p, uint8_t ret[POLY1305_TAG_BYTES])
{
	uint64_t g0, g1, g2, use_g;
	uint128 sum;

	absorb_last(p);
	/* g = h + 5; when it reaches 2^130, h was at least p and g mod 2^130 is h - p */
	sum = (uint128)p->h[0] + 5;
	g0 = (uint64_t)sum;
	sum = (uint128)p->h[1] + (uint64_t)(sum >> 64);
	g1 = (uint64_t)sum;
	g2 = p->h[2] + (uint64_t)(sum >> 64);
	use_g = (uint64_t)0 - (uint64_t)(g2 >> 2 != 0);

	sum = (uint128)((p->h[0] & ~use_g) | (g0 & use_g)) + p->pad[0];
	bytes_store_le64(ret, (uint64_t)sum);
	sum = (uint128)((p->h[1] & ~use_g) | (g1 & use_g)) + p->pad[1] + (uint64_t)(sum >> 64);
	bytes_store_le64(ret + 8, (uint64_t)sum);
	bytes_wipe(p, sizeof(*p));
}
