/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/core/hex.h"
#include "vmm/core/chacha20.h"

struct vector {
	const char *key, *nonce;
	uint32_t counter;
	const char *block;
};

/* RFC 8439 section 2.3.2; appendix A.1 vectors 1 to 5; section 2.6.2 (first half) */
static const struct vector vectors[] = {
	{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	 "000000090000004a00000000", 1,
	 "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
	 "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e"},
	{"0000000000000000000000000000000000000000000000000000000000000000",
	 "000000000000000000000000", 0,
	 "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
	 "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"},
	{"0000000000000000000000000000000000000000000000000000000000000000",
	 "000000000000000000000000", 1,
	 "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
	 "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"},
	{"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
	 "000000000001020304050607", 0,
	 "8ad5a08b905f81cc815040274ab29471a833b637e3fd0da508dbb8e2fdd1a646"},
};

TEST(chacha20, rfc_8439_vectors)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];
		uint8_t key[32], nonce[12], block[64];

		hex_decode(v->key, key, sizeof(key));
		hex_decode(v->nonce, nonce, sizeof(nonce));
		chacha20_block(key, nonce, v->counter, block);
		CU_ASSERT_TRUE(hex_equal(block, strlen(v->block) / 2, v->block));
	}
}
