/* SPDX-License-Identifier: MIT */
/*
 * X25519, RFC 7748 section 5. Input: secret scalar, attacker-controlled point; no branch and no
 * address depends on either.
 *
 * A field element is five limbs of 51 bits. Products leave limbs below 2^51 + 2^18; one sum or
 * difference of products stays below 2^53, which is what field_multiply() takes.
 */
#include "vmm/core/x25519.h"
#include "vmm/core/bytes.h"

__extension__ typedef unsigned __int128 uint128;

#define LIMBS     5
#define LIMB_BITS 51
#define LIMB_MASK ((1ull << LIMB_BITS) - 1)
#define A24       121665 /* (486662 - 2) / 4 */

typedef struct {
	uint64_t limb[LIMBS];
} field;

static field field_load(const uint8_t from[X25519_BYTES])
{
	uint64_t w[4];
	field r;

	for (uint32_t i = 0; i < 4; i++)
		w[i] = bytes_load_le64(from + 8 * i);
	r.limb[0] = w[0] & LIMB_MASK;
	r.limb[1] = (w[0] >> 51 | w[1] << 13) & LIMB_MASK;
	r.limb[2] = (w[1] >> 38 | w[2] << 26) & LIMB_MASK;
	r.limb[3] = (w[2] >> 25 | w[3] << 39) & LIMB_MASK;
	r.limb[4] = w[3] >> 12 & LIMB_MASK; /* the top bit is ignored: RFC 7748 section 5 */
	return r;
}

static void field_carry(field *a)
{
	for (uint32_t i = 0; i < LIMBS - 1; i++) {
		a->limb[i + 1] += a->limb[i] >> LIMB_BITS;
		a->limb[i] &= LIMB_MASK;
	}
	a->limb[0] += 19 * (a->limb[4] >> LIMB_BITS); /* 2^255 = 19 */
	a->limb[4] &= LIMB_MASK;
}

static void field_store(field a, uint8_t to[X25519_BYTES])
{
	uint64_t q = 19;

	field_carry(&a);
	field_carry(&a);
	/* q: 1 when a >= 2^255 - 19, found by carrying a + 19 through */
	for (uint32_t i = 0; i < LIMBS; i++)
		q = (a.limb[i] + q) >> LIMB_BITS;
	a.limb[0] += 19 * q;
	for (uint32_t i = 0; i < LIMBS - 1; i++) {
		a.limb[i + 1] += a.limb[i] >> LIMB_BITS;
		a.limb[i] &= LIMB_MASK;
	}
	a.limb[4] &= LIMB_MASK;
	bytes_store_le64(to, a.limb[0] | a.limb[1] << 51);
	bytes_store_le64(to + 8, a.limb[1] >> 13 | a.limb[2] << 38);
	bytes_store_le64(to + 16, a.limb[2] >> 26 | a.limb[3] << 25);
	bytes_store_le64(to + 24, a.limb[3] >> 39 | a.limb[4] << 12);
}

static field field_add(const field *a, const field *b)
{
	field r;

	for (uint32_t i = 0; i < LIMBS; i++)
		r.limb[i] = a->limb[i] + b->limb[i];
	return r;
}

/* a - b + 2p, so that no limb goes below zero; @b is a product or a loaded element */
static field field_subtract(const field *a, const field *b)
{
	static const field twice_p = {{0xfffffffffffda, 0xffffffffffffe, 0xffffffffffffe,
				       0xffffffffffffe, 0xffffffffffffe}};
	field r;

	for (uint32_t i = 0; i < LIMBS; i++)
		r.limb[i] = a->limb[i] + twice_p.limb[i] - b->limb[i];
	return r;
}

static field field_reduce(const uint128 wide[LIMBS])
{
	uint128 carry = 0;
	field r;

	for (uint32_t i = 0; i < LIMBS; i++) {
		uint128 sum = wide[i] + carry;

		r.limb[i] = (uint64_t)sum & LIMB_MASK;
		carry = sum >> LIMB_BITS;
	}
	carry = carry * 19 + r.limb[0];
	r.limb[0] = (uint64_t)carry & LIMB_MASK;
	r.limb[1] += (uint64_t)(carry >> LIMB_BITS);
	return r;
}

static field field_multiply(const field *a, const field *b)
{
	const uint64_t *x = a->limb, *y = b->limb;
	uint64_t y1 = 19 * y[1], y2 = 19 * y[2], y3 = 19 * y[3], y4 = 19 * y[4];
	uint128 wide[LIMBS];

	wide[0] = (uint128)x[0] * y[0] + (uint128)x[1] * y4 + (uint128)x[2] * y3 +
		  (uint128)x[3] * y2 + (uint128)x[4] * y1;
	wide[1] = (uint128)x[0] * y[1] + (uint128)x[1] * y[0] + (uint128)x[2] * y4 +
		  (uint128)x[3] * y3 + (uint128)x[4] * y2;
	wide[2] = (uint128)x[0] * y[2] + (uint128)x[1] * y[1] + (uint128)x[2] * y[0] +
		  (uint128)x[3] * y4 + (uint128)x[4] * y3;
	wide[3] = (uint128)x[0] * y[3] + (uint128)x[1] * y[2] + (uint128)x[2] * y[1] +
		  (uint128)x[3] * y[0] + (uint128)x[4] * y4;
	wide[4] = (uint128)x[0] * y[4] + (uint128)x[1] * y[3] + (uint128)x[2] * y[2] +
		  (uint128)x[3] * y[1] + (uint128)x[4] * y[0];
	return field_reduce(wide);
}

static field field_multiply_small(const field *a, uint64_t by)
{
	uint128 wide[LIMBS];

	for (uint32_t i = 0; i < LIMBS; i++)
		wide[i] = (uint128)a->limb[i] * by;
	return field_reduce(wide);
}

static field field_square_times(field a, uint32_t times)
{
	while (times--)
		a = field_multiply(&a, &a);
	return a;
}

/* a^(2^n) * b */
static field field_raise(const field *a, uint32_t n, const field *b)
{
	field r = field_square_times(*a, n);

	return field_multiply(&r, b);
}

/* a^(p - 2) with p - 2 = 2^255 - 21: e_n below is a^(2^n - 1) */
static field field_invert(const field *a)
{
	field a2 = field_square_times(*a, 1);
	field a9 = field_raise(&a2, 2, a);
	field a11 = field_multiply(&a9, &a2);
	field e5 = field_raise(&a11, 1, &a9);
	field e10 = field_raise(&e5, 5, &e5);
	field e20 = field_raise(&e10, 10, &e10);
	field e40 = field_raise(&e20, 20, &e20);
	field e50 = field_raise(&e40, 10, &e10);
	field e100 = field_raise(&e50, 50, &e50);
	field e200 = field_raise(&e100, 100, &e100);
	field e250 = field_raise(&e200, 50, &e50);

	return field_raise(&e250, 5, &a11); /* (2^250 - 1) * 32 + 11 = 2^255 - 21 */
}

/* swap when @swap is 1, touch both alike when it is 0 */
static void field_swap(field *a, field *b, uint64_t swap)
{
	uint64_t mask = (uint64_t)0 - swap;

	for (uint32_t i = 0; i < LIMBS; i++) {
		uint64_t differ = mask & (a->limb[i] ^ b->limb[i]);

		a->limb[i] ^= differ;
		b->limb[i] ^= differ;
	}
}

/* the two points of the Montgomery ladder, projective: 2 and 3 as RFC 7748 names them */
struct ladder {
	field x1;
	field x2, z2, x3, z3;
};

static void ladder_step(struct ladder *l)
{
	field a = field_add(&l->x2, &l->z2);
	field b = field_subtract(&l->x2, &l->z2);
	field c = field_add(&l->x3, &l->z3);
	field d = field_subtract(&l->x3, &l->z3);
	field aa = field_multiply(&a, &a);
	field bb = field_multiply(&b, &b);
	field e = field_subtract(&aa, &bb);
	field da = field_multiply(&d, &a);
	field cb = field_multiply(&c, &b);
	field sum = field_add(&da, &cb);
	field difference = field_subtract(&da, &cb);
	field small = field_multiply_small(&e, A24);

	l->x3 = field_multiply(&sum, &sum);
	difference = field_multiply(&difference, &difference);
	l->z3 = field_multiply(&l->x1, &difference);
	l->x2 = field_multiply(&aa, &bb);
	small = field_add(&aa, &small);
	l->z2 = field_multiply(&e, &small);
}

static void ladder_run(struct ladder *l, const uint8_t scalar[X25519_BYTES])
{
	uint64_t swap = 0;

	for (uint32_t t = 255; t-- > 0;) {
		uint64_t bit = scalar[t / 8] >> t % 8 & 1;

		swap ^= bit;
		field_swap(&l->x2, &l->x3, swap);
		field_swap(&l->z2, &l->z3, swap);
		swap = bit;
		ladder_step(l);
	}
	field_swap(&l->x2, &l->x3, swap);
	field_swap(&l->z2, &l->z3, swap);
}

bool x25519(const uint8_t scalar[X25519_BYTES], const uint8_t point[X25519_BYTES],
	    uint8_t ret[X25519_BYTES])
{
	uint8_t clamped[X25519_BYTES];
	struct ladder l = {.x2 = {{1}}, .z3 = {{1}}};
	field inverse, result;

	bytes_copy(clamped, scalar, sizeof(clamped));
	clamped[0] &= 248;
	clamped[31] = (clamped[31] & 127) | 64;
	l.x1 = field_load(point);
	l.x3 = l.x1;
	ladder_run(&l, clamped);
	inverse = field_invert(&l.z2);
	result = field_multiply(&l.x2, &inverse);
	field_store(result, ret);
	bytes_wipe(clamped, sizeof(clamped));
	bytes_wipe(&l, sizeof(l));
	bytes_wipe(&inverse, sizeof(inverse));
	bytes_wipe(&result, sizeof(result));
	return !bytes_are_zero(ret, X25519_BYTES);
}

void x25519_public(const uint8_t scalar[X25519_BYTES], uint8_t ret[X25519_BYTES])
{
	static const uint8_t base_point[X25519_BYTES] = {9};

	(void)x25519(scalar, base_point, ret); /* the base point's order is large: never zero */
}
