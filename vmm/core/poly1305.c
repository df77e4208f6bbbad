/* SPDX-License-Identifier: MIT */
/*
 * Poly1305, RFC 8439 section 2.5. Input: secret key, attacker-controlled message; no
 * data-dependent time.
 *
 * Two blocks are taken in one step, h = (h + m1) * r^2 + m2 * r: only one of the two products waits
 * for the step before, which makes it about twice as fast as block after block. A limb of weight
 * 2^132 or more comes back times 20, because 2^132 = 4 * 2^130 = 4 * 5 modulo 2^130 - 5.
 */
#include "vmm/core/poly1305.h"
#include "vmm/core/bytes.h"

__extension__ typedef unsigned __int128 uint128;

#define MASK_44  0xfffffffffffull
#define MASK_42  0x3ffffffffffull
#define CLAMP_R0 0x0ffffffc0fffffffull /* RFC 8439 section 2.5 */
#define CLAMP_R1 0x0ffffffc0ffffffcull

typedef struct poly1305_number number;

struct wide {
	uint128 limb[3];
};

/* the number low + high * 2^64 + top * 2^128 */
static inline number number_of(uint64_t low, uint64_t high, uint64_t top)
{
	return (number){{low & MASK_44, (low >> 44 | high << 20) & MASK_44, high >> 24 | top << 40}};
}

static inline number load_block(const uint8_t *at, uint64_t top)
{
	return number_of(bytes_load_le64(at), bytes_load_le64(at + 8), top);
}

static inline void add(number *a, const number *b)
{
	a->limb[0] += b->limb[0];
	a->limb[1] += b->limb[1];
	a->limb[2] += b->limb[2];
}

/* sum += a * r; limbs of @a below 2^46, of @r below 2^45: sums of six products stay below 2^101 */
static inline void add_product(struct wide *sum, const number *a, const number *r)
{
	uint64_t a0 = a->limb[0], a1 = a->limb[1], a2 = a->limb[2];
	uint64_t r0 = r->limb[0], r1 = r->limb[1], r2 = r->limb[2];
	uint64_t s1 = 20 * r1, s2 = 20 * r2;

	sum->limb[0] += (uint128)a0 * r0 + (uint128)a1 * s2 + (uint128)a2 * s1;
	sum->limb[1] += (uint128)a0 * r1 + (uint128)a1 * r0 + (uint128)a2 * s2;
	sum->limb[2] += (uint128)a0 * r2 + (uint128)a1 * r1 + (uint128)a2 * r0;
}

/* Limbs below 2^44, 2^45 and 2^42 again. */
static inline number reduce(const struct wide *w)
{
	uint128 d1 = w->limb[1] + (uint64_t)(w->limb[0] >> 44);
	uint128 d2 = w->limb[2] + (uint64_t)(d1 >> 44);
	uint64_t h0 = ((uint64_t)w->limb[0] & MASK_44) + 5 * (uint64_t)(d2 >> 42);

	return (number){
		{h0 & MASK_44, ((uint64_t)d1 & MASK_44) + (h0 >> 44), (uint64_t)d2 & MASK_42}};
}

void poly1305_init(struct poly1305 *p, const uint8_t key[POLY1305_KEY_BYTES])
{
	struct wide square = {{0}};

	bytes_zero(p, sizeof(*p));
	p->r = number_of(bytes_load_le64(key) & CLAMP_R0, bytes_load_le64(key + 8) & CLAMP_R1, 0);
	add_product(&square, &p->r, &p->r);
	p->r_squared = reduce(&square);
	p->pad[0] = bytes_load_le64(key + 16);
	p->pad[1] = bytes_load_le64(key + 24);
	bytes_wipe(&square, sizeof(square));
}

/* Take in whole blocks; @top is the bit above each: 1, or 0 for a last one that was not full. */
static void absorb(struct poly1305 *p, const uint8_t *at, uint32_t blocks, uint64_t top)
{
	number h = p->h, r = p->r, r_squared = p->r_squared;

	for (; blocks >= 2; blocks -= 2, at += 2 * POLY1305_BLOCK_BYTES) {
		number first = load_block(at, top);
		number second = load_block(at + POLY1305_BLOCK_BYTES, top);
		struct wide sum = {{0}};

		add_product(&sum, &second, &r);
		add(&h, &first);
		add_product(&sum, &h, &r_squared);
		h = reduce(&sum);
	}
	if (blocks) {
		number last = load_block(at, top);
		struct wide sum = {{0}};

		add(&h, &last);
		add_product(&sum, &h, &r);
		h = reduce(&sum);
	}
	p->h = h;
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

/* h modulo 2^130 - 5, as two 64-bit halves; what is above 2^128 does not matter any more */
static void settle(const number *h, uint64_t *ret_low, uint64_t *ret_high)
{
	uint64_t h1 = h->limb[1];
	uint64_t h2 = h->limb[2] + (h1 >> 44);
	uint64_t h0 = h->limb[0] + 5 * (h2 >> 42);
	uint64_t g0, g1, g2, use_g;

	h1 = (h1 & MASK_44) + (h0 >> 44);
	h0 &= MASK_44;
	h2 = (h2 & MASK_42) + (h1 >> 44);
	h1 &= MASK_44;
	/* g = h + 5: when it reaches 2^130, h was at least p, and g - 2^130 is h - p */
	g0 = h0 + 5;
	g1 = h1 + (g0 >> 44);
	g2 = h2 + (g1 >> 44);
	use_g = (uint64_t)0 - (uint64_t)(g2 >> 42 != 0);
	h0 = (h0 & ~use_g) | (g0 & MASK_44 & use_g);
	h1 = (h1 & ~use_g) | (g1 & MASK_44 & use_g);
	h2 = (h2 & ~use_g) | (g2 & MASK_42 & use_g);
	*ret_low = h0 | h1 << 44;
	*ret_high = h1 >> 20 | h2 << 24;
}

void poly1305_final(struct poly1305 *p, uint8_t ret[POLY1305_TAG_BYTES])
{
	uint64_t low, high;
	uint128 sum;

	absorb_last(p);
	settle(&p->h, &low, &high);
	sum = (uint128)low + p->pad[0];
	bytes_store_le64(ret, (uint64_t)sum);
	bytes_store_le64(ret + 8, high + p->pad[1] + (uint64_t)(sum >> 64));
	bytes_wipe(p, sizeof(*p));
}
