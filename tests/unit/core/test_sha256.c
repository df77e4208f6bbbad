/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/core/hex.h"
#include "tests/unit/core/random.h"
#include "vmm/core/sha256.h"

#include <openssl/sha.h>

static void hash(const void *bytes, size_t len, uint8_t ret[SHA256_BYTES])
{
	struct sha256 s;

	sha256_init(&s);
	sha256_update(&s, bytes, (uint32_t)len);
	sha256_final(&s, ret);
}

/* FIPS 180-4 examples (NIST CSRC) */
TEST(sha256, fips_examples)
{
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	uint8_t got[SHA256_BYTES];

	hash("abc", 3, got);
	CU_ASSERT_TRUE(
		hex_equal(got, sizeof(got),
			  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	hash("", 0, got);
	CU_ASSERT_TRUE(
		hex_equal(got, sizeof(got),
			  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	hash(two_blocks, sizeof(two_blocks) - 1, got);
	CU_ASSERT_TRUE(
		hex_equal(got, sizeof(got),
			  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
}

TEST(sha256, a_million_a)
{
	struct sha256 s;
	uint8_t got[SHA256_BYTES];

	sha256_init(&s);
	for (int i = 0; i < 100000; i++)
		sha256_update(&s, "aaaaaaaaaa", 10);
	sha256_final(&s, got);
	CU_ASSERT_TRUE(
		hex_equal(got, sizeof(got),
			  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

TEST(sha256, agrees_with_openssl)
{
	uint64_t state = 42;
	uint8_t message[400], got[SHA256_BYTES], expected[SHA256_BYTES];

	for (size_t i = 0; i < 20000; i++) {
		size_t len = i % (sizeof(message) + 1);
		size_t cut = len ? random_next(&state) % len : 0;
		struct sha256 s;

		random_fill(&state, message, len);
		sha256_init(&s);
		sha256_update(&s, message, (uint32_t)cut);
		sha256_update(&s, message + cut, (uint32_t)(len - cut));
		sha256_final(&s, got);
		SHA256(message, len, expected);
		CU_ASSERT_TRUE(!memcmp(got, expected, sizeof(got)));
	}
}
