/* SPDX-License-Identifier: MIT */
/*
 * Poly1305, RFC 8439 section 2.5. Input: secret key, attacker-controlled message; no
 * data-dependent time.
 *
 * The accumulator is h[0] + h[1] * 2^64 + h[2] * 2^128. The clamp leaves r[0] and r[1] below 2^60,
 * so the products of one block and their sums fit in 128 bits, and it leaves r[1] a multiple of 4:
 * r[1] * 2^128 = (r[1] / 4) * 2^130 = (r[1] / 4) * 5 modulo 2^130 - 5.
 */
#include "vmm/core/poly1305.h"
#include "vmm/core/bytes.h"

#define CLAMP_R0 0x0ffffffc0fffffffull /* RFC 8439 section 2.5 */
#define CLAMP_R1 0x0ffffffc0ffffffcull

__extension__ typedef unsigned __int128 uint128;
typedef unsigned long long word; /* what the compiler's add-with-carry takes */

struct pair {
	word low, high;
};

/*
 * *a += b + carry; returns the carry out. GCC 12 takes twice the time when carries are written as
 * 128-bit sums, and keeps in memory what the builtin is given the address of: hence the copy.
 */
static inline unsigned char add_carry(unsigned char carry, word *a, word b)
{
	word sum;

	carry = __builtin_ia32_addcarryx_u64(carry, *a, b, &sum);
	*a = sum;
	return carry;
}

static inline struct pair multiply(word a, word b)
{
	uint128 product = (uint128)a * b;

	return (struct pair){(word)product, (word)(product >> 64)};
}

static inline struct pair add(struct pair a, struct pair b)
{
	unsigned char carry = add_carry(0, &a.low, b.low);

	add_carry(carry, &a.high, b.high);
	return a;
}

void poly1305_init(struct poly1305 *p, const uint8_t key[POLY1305_KEY_BYTES])
{
	bytes_zero(p, sizeof(*p));
	p->r[0] = bytes_load_le64(key) & CLAMP_R0;
	p->r[1] = bytes_load_le64(key + 8) & CLAMP_R1;
	p->r1_folded = p->r[1] + (p->r[1] >> 2);
	p->pad[0] = bytes_load_le64(key + 16);
	p->pad[1] = bytes_load_le64(key + 24);
}

/* h = (h + block + @top * 2^128) * r, partly reduced; @blocks times. @top: 1, or 0 for a last block
 * that was not full */
static void absorb(struct poly1305 *p, const uint8_t *at, uint32_t blocks, uint64_t top)
{
	word r0 = p->r[0], r1 = p->r[1], s1 = p->r1_folded;
	word h0 = p->h[0], h1 = p->h[1], h2 = p->h[2];

	for (; blocks; blocks--, at += POLY1305_BLOCK_BYTES) {
		unsigned char carry = add_carry(0, &h0, bytes_load_le64(at));
		struct pair low, mid;
		word over;

		carry = add_carry(carry, &h1, bytes_load_le64(at + 8));
		add_carry(carry, &h2, top);

		low = add(multiply(h0, r0), multiply(h1, s1));
		mid = add(multiply(h0, r1), multiply(h1, r0));
		/* h2 < 8 and s1 < 2^60.4: one word holds the product */
		mid = add(mid, (struct pair){h2 * s1, h2 * r0});
		mid = add(mid, (struct pair){low.high, 0});

		/* what is at 2^130 and above comes back times 5 */
		over = (mid.high >> 2) + (mid.high & ~3ull);
		h0 = low.low;
		h1 = mid.low;
		h2 = mid.high & 3;
		carry = add_carry(0, &h0, over);
		carry = add_carry(carry, &h1, 0);
		add_carry(carry, &h2, 0);
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
	word g0, g1, g2, use_g, low, high;
	unsigned char carry;

	absorb_last(p);
	/* g = h + 5; when it reaches 2^130, h was at least 2^130 - 5, and g - 2^130 is h reduced */
	g0 = p->h[0];
	g1 = p->h[1];
	g2 = p->h[2];
	carry = add_carry(0, &g0, 5);
	carry = add_carry(carry, &g1, 0);
	add_carry(carry, &g2, 0);
	use_g = (word)0 - (word)(g2 >> 2 != 0);

	low = (p->h[0] & ~use_g) | (g0 & use_g);
	high = (p->h[1] & ~use_g) | (g1 & use_g);
	carry = add_carry(0, &low, p->pad[0]);
	add_carry(carry, &high, p->pad[1]);
	bytes_store_le64(ret, low);
	bytes_store_le64(ret + 8, high);
	bytes_wipe(p, sizeof(*p));
}
