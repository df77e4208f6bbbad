/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/core/hex.h"
#include "vmm/core/poly1305.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#define ZERO16 "00000000000000000000000000000000"
#define FF16   "ffffffffffffffffffffffffffffffff"

#define IETF                                                                                       \
	"Any submission to the IETF intended by the Contributor for publication as all or part "   \
	"of "                                                                                      \
	"an IETF Internet-Draft or RFC and any statement made within the context of an IETF "      \
	"activity is considered an \"IETF Contribution\". Such statements include oral "           \
	"statements in IETF sessions, as well as written and electronic communications made at "   \
	"any time or place, which are addressed to"

struct vector {
	const char *key;
	const char *text; /* plain, when not NULL */
	const char *data; /* else hexadecimal */
	const char *tag;
};

/* RFC 8439 section 2.5.2, then appendix A.3, vectors 1 to 11 */
static const struct vector vectors[] = {
	{"85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",
	 "Cryptographic Forum Research Group", NULL, "a8061dc1305136c6c22b8baf0c0127a9"},
	{ZERO16 ZERO16, NULL, ZERO16 ZERO16 ZERO16 ZERO16, ZERO16},
	{ZERO16 "36e5f6b5c5e06070f0efca96227a863e", IETF, NULL, "36e5f6b5c5e06070f0efca96227a863e"},
	{"36e5f6b5c5e06070f0efca96227a863e" ZERO16, IETF, NULL, "f3477e7cd95417af89a6b8794c310cf0"},
	{"1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0",
	 "'Twas brillig, and the slithy toves\nDid gyre and gimble in the wabe:\nAll mimsy were "
	 "the "
	 "borogoves,\nAnd the mome raths outgrabe.",
	 NULL, "4541669a7eaaee61e708dc7cbcc5eb62"},
	{"02000000000000000000000000000000" ZERO16, NULL, FF16, "03000000000000000000000000000000"},
	{"02000000000000000000000000000000" FF16, NULL, "02000000000000000000000000000000",
	 "03000000000000000000000000000000"},
	{"01000000000000000000000000000000" ZERO16, NULL,
	 FF16 "f0ffffffffffffffffffffffffffffff"
	      "11000000000000000000000000000000",
	 "05000000000000000000000000000000"},
	{"01000000000000000000000000000000" ZERO16, NULL,
	 FF16 "fbfefefefefefefefefefefefefefefe"
	      "01010101010101010101010101010101",
	 ZERO16},
	{"02000000000000000000000000000000" ZERO16, NULL, "fdffffffffffffffffffffffffffffff",
	 "faffffffffffffffffffffffffffffff"},
	{"01000000000000000400000000000000" ZERO16, NULL,
	 "e33594d7505e43b90000000000000000"
	 "3394d7505e4379cd0100000000000000" ZERO16 "01000000000000000000000000000000",
	 "14000000000000005500000000000000"},
	{"01000000000000000400000000000000" ZERO16, NULL,
	 "e33594d7505e43b90000000000000000"
	 "3394d7505e4379cd0100000000000000" ZERO16,
	 "13000000000000000000000000000000"},
};

static size_t message_of(const struct vector *v, uint8_t *ret, size_t size_bytes)
{
	if (!v->text)
		return hex_decode(v->data, ret, size_bytes);
	memcpy(ret, v->text, strlen(v->text));
	return strlen(v->text);
}

TEST(poly1305, rfc_8439_vectors)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint8_t key[32], message[512], tag[16];
		size_t len = message_of(&vectors[i], message, sizeof(message));
		struct poly1305 p;

		CU_ASSERT_EQUAL(hex_decode(vectors[i].key, key, sizeof(key)), 32);
		poly1305_init(&p, key);
		poly1305_update(&p, message, (uint32_t)len);
		poly1305_final(&p, tag);
		CU_ASSERT_TRUE(hex_equal(tag, sizeof(tag), vectors[i].tag));
	}
}

/* Cut in two at every place, the message gives the same tag. */
TEST(poly1305, pieces_do_not_matter)
{
	const struct vector *v = &vectors[3];
	uint8_t key[32], message[512], tag[16];
	size_t len = message_of(v, message, sizeof(message));

	hex_decode(v->key, key, sizeof(key));
	for (size_t cut = 0; cut <= len; cut++) {
		struct poly1305 p;

		poly1305_init(&p, key);
		poly1305_update(&p, message, (uint32_t)cut);
		poly1305_update(&p, message + cut, (uint32_t)(len - cut));
		poly1305_final(&p, tag);
		CU_ASSERT_TRUE(hex_equal(tag, sizeof(tag), v->tag));
	}
}

static bool openssl_tag(const uint8_t key[32], const void *message, size_t len, uint8_t ret[16])
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "POLY1305", NULL);
	EVP_MAC_CTX *c = mac ? EVP_MAC_CTX_new(mac) : NULL;
	size_t got;
	bool ok = c && EVP_MAC_init(c, key, 32, NULL) == 1 &&
		  EVP_MAC_update(c, message, len) == 1 && EVP_MAC_final(c, ret, &got, 16) == 1;

	EVP_MAC_CTX_free(c);
	EVP_MAC_free(mac);
	return ok;
}

/* Keys and messages of all ones and zeros drive every carry. */
TEST(poly1305, extremes_agree_with_openssl)
{
	static const uint8_t fills[] = {0x00, 0x01, 0x0f, 0x7f, 0x80, 0xfb, 0xfc, 0xfe, 0xff};
	static uint8_t key[32], message[300];
	uint8_t tag[16], expected[16];

	for (size_t k = 0; k < sizeof(fills) * sizeof(fills); k++) {
		memset(key, fills[k % sizeof(fills)], 16);
		memset(key + 16, fills[k / sizeof(fills)], 16);
		memset(message, fills[(k * 7) % sizeof(fills)], sizeof(message));
		for (size_t len = 0; len <= sizeof(message); len += len < 70 ? 1 : 23) {
			struct poly1305 p;

			poly1305_init(&p, key);
			poly1305_update(&p, message, (uint32_t)len);
			poly1305_final(&p, tag);
			CU_ASSERT_TRUE_FATAL(openssl_tag(key, message, len, expected));
			CU_ASSERT_TRUE(!memcmp(tag, expected, sizeof(tag)));
		}
	}
}
