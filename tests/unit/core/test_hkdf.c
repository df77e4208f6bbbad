/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/lib/vmm_peer.h"
#include "tests/unit/core/hex.h"
#include "tests/unit/core/random.h"
#include "vmm/core/hkdf.h"

static bool hmac_is(const void *key, size_t key_bytes, const char *message, const char *expected)
{
	struct hmac h;
	uint8_t got[SHA256_BYTES];

	hmac_init(&h, key, (uint32_t)key_bytes);
	hmac_update(&h, message, (uint32_t)strlen(message));
	hmac_final(&h, got);
	return hex_equal(got, sizeof(got), expected);
}

/* RFC 4231 test cases 1 and 2 */
TEST(hmac, rfc_4231_vectors)
{
	uint8_t key[20];

	memset(key, 0x0b, sizeof(key));
	CU_ASSERT_TRUE(hmac_is(key, sizeof(key), "Hi There",
			       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
	CU_ASSERT_TRUE(hmac_is("Jefe", 4, "what do ya want for nothing?",
			       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

/* RFC 5869 appendix A test cases 1 and 3, the first 32 bytes of the output */
TEST(hkdf, rfc_5869_vectors)
{
	uint8_t ikm[22], salt[13], info[10], got[SHA256_BYTES];
	struct hkdf_input in = {salt, sizeof(salt), ikm, sizeof(ikm), info, sizeof(info)};

	memset(ikm, 0x0b, sizeof(ikm));
	hex_decode("000102030405060708090a0b0c", salt, sizeof(salt));
	hex_decode("f0f1f2f3f4f5f6f7f8f9", info, sizeof(info));
	hkdf_sha256(&in, got);
	CU_ASSERT_TRUE(
		hex_equal(got, sizeof(got),
			  "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
	in.salt_bytes = in.info_bytes = 0;
	hkdf_sha256(&in, got);
	CU_ASSERT_TRUE(
		hex_equal(got, sizeof(got),
			  "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"));
}

TEST(hkdf, agrees_with_openssl)
{
	uint64_t state = 7;
	uint8_t bytes[256], got[SHA256_BYTES], expected[SHA256_BYTES];

	for (int i = 0; i < 2000; i++) {
		uint32_t salt = 1 + (uint32_t)(random_next(&state) % 64);
		uint32_t ikm = 1 + (uint32_t)(random_next(&state) % 64);
		uint32_t info = 1 + (uint32_t)(random_next(&state) % 64);
		struct hkdf_input in = {bytes, salt, bytes + 64, ikm, bytes + 128, info};

		random_fill(&state, bytes, sizeof(bytes));
		hkdf_sha256(&in, got);
		CU_ASSERT_TRUE_FATAL(
			vmm_peer_hkdf(bytes, salt, bytes + 64, ikm, bytes + 128, info, expected));
		CU_ASSERT_TRUE(!memcmp(got, expected, sizeof(got)));
	}
}
