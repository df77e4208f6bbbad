/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/lib/vmm_peer.h"
#include "tests/unit/core/hex.h"
#include "tests/unit/core/random.h"
#include "vmm/core/x25519.h"

#include <stdlib.h>

static bool product_is(const char *scalar, const char *point, const char *expected)
{
	uint8_t k[32], u[32], got[32];

	hex_decode(scalar, k, sizeof(k));
	hex_decode(point, u, sizeof(u));
	return x25519(k, u, got) && hex_equal(got, sizeof(got), expected);
}

/* RFC 7748 section 5.2 */
TEST(x25519, rfc_7748_vectors)
{
	CU_ASSERT_TRUE(
		product_is("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
			   "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
			   "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
	CU_ASSERT_TRUE(
		product_is("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
			   "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
			   "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"));
}

static void iterate(uint32_t times, uint8_t k[32], uint8_t u[32])
{
	while (times--) {
		uint8_t r[32];

		x25519(k, u, r);
		memcpy(u, k, 32);
		memcpy(k, r, 32);
	}
}

/* RFC 7748 section 5.2: the iterated test; REMOTETRANS_LONG_TESTS adds the million (two minutes) */
TEST(x25519, rfc_7748_iterations)
{
	uint8_t k[32] = {9}, u[32] = {9};

	iterate(1, k, u);
	CU_ASSERT_TRUE(hex_equal(
		k, sizeof(k), "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
	iterate(999, k, u);
	CU_ASSERT_TRUE(hex_equal(
		k, sizeof(k), "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
	if (!getenv("REMOTETRANS_LONG_TESTS"))
		return;
	iterate(999000, k, u);
	CU_ASSERT_TRUE(hex_equal(
		k, sizeof(k), "7c3911e0ab2586fd864497297e575e6f3bc601c0883c30df5f4dd2d24f665424"));
}

TEST(x25519, agrees_with_openssl)
{
	uint64_t state = 25519;
	uint8_t k[32], u[32], got[32], expected[32];

	for (int i = 0; i < 3000; i++) {
		bool usable;

		random_fill(&state, k, sizeof(k));
		random_fill(&state, u, sizeof(u));
		if (i % 4 == 0)
			memset(u, (int)(i / 4), sizeof(u)); /* also values above the prime */
		usable = x25519(k, u, got);
		CU_ASSERT_EQUAL(usable, vmm_peer_x25519(k, u, expected));
		CU_ASSERT_TRUE(!usable || !memcmp(got, expected, sizeof(got)));
	}
}

/* Points near the prime, and the top bit, which is to be ignored (RFC 7748 section 5). */
TEST(x25519, unusual_points_agree_with_openssl)
{
	uint8_t k[32] = {0x58, 1, 2, 3}, u[32], got[32], expected[32];

	for (int low = 0; low < 256; low++) {
		memset(u, 0xff, sizeof(u));
		u[0] = (uint8_t)low;
		u[31] = low & 1 ? 0xff : 0x7f;
		CU_ASSERT_EQUAL(x25519(k, u, got), vmm_peer_x25519(k, u, expected));
		CU_ASSERT_TRUE(!memcmp(got, expected, sizeof(got)));
	}
}

/* The points of small order (Bernstein, curve25519 page): the shared secret is zero whatever the
 * key */
TEST(x25519, small_order_is_refused)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	uint8_t k[32] = {1, 2, 3, 4, 5}, u[32], got[32];

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		hex_decode(points[i], u, sizeof(u));
		CU_ASSERT_FALSE(x25519(k, u, got));
	}
}

TEST(x25519, both_sides_agree)
{
	uint8_t a[32] = {11, 22}, b[32] = {33, 44}, pa[32], pb[32], ab[32], ba[32];

	x25519_public(a, pa);
	x25519_public(b, pb);
	CU_ASSERT_TRUE(x25519(a, pb, ab));
	CU_ASSERT_TRUE(x25519(b, pa, ba));
	CU_ASSERT_TRUE(!memcmp(ab, ba, sizeof(ab)));
}
