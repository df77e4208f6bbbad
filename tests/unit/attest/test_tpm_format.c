/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Structures of a TPM, whole and broken. */
#include <stdlib.h>
#include <string.h>
#include <tss2/tss2_mu.h>

#include "remotetrans/attest/tpm_format.h"
#include "tests/lib/unit.h"
#include "tests/unit/attest/fake_tpm.h"

static const uint8_t nonce[32] = "for one quote and no other quote";
static struct fake_tpm t;

static void begin(void)
{
	fake_tpm_init(&t);
	fake_quote(&t, 0x00ffff, nonce);
}

TEST(tpm_format, a_quotes_fields)
{
	struct quote q;

	begin();
	CHECK_OK(quote_decode(t.e.quote, t.e.quote_bytes, &q));
	CU_ASSERT_EQUAL(q.magic, 0xff544347);
	CU_ASSERT_EQUAL(q.type, 0x8018);
	CU_ASSERT_EQUAL(q.extra_bytes, 32);
	CU_ASSERT_EQUAL(memcmp(q.extra, nonce, 32), 0);
	CU_ASSERT_EQUAL(q.banks, 1);
	CU_ASSERT_EQUAL(q.hash, 0x000b);
	CU_ASSERT_EQUAL(q.selection, 0xffff);
	CU_ASSERT_EQUAL(q.reset_count, 7);
	CU_ASSERT(q.is_safe);
	fake_tpm_deinit(&t);
}

TEST(tpm_format, cut_anywhere_or_longer_it_is_refused)
{
	struct tpm_public p;
	struct quote q;
	bool good;

	begin();
	CHECK_OK(tpm_public_decode(t.e.ak_public, t.e.ak_public_bytes, &p));
	for (uint32_t len = 0; len < t.e.quote_bytes; len++)
		CHECK_ERR(quote_decode(t.e.quote, len, &q), ERR_PROTO);
	CHECK_ERR(quote_decode(t.e.quote, t.e.quote_bytes + 1, &q), ERR_PROTO);
	for (uint32_t len = 0; len < t.e.signature_bytes; len++)
		CHECK_ERR(tpm_signature_check(&p, t.e.signature, len, nonce, 32, &good), ERR_PROTO);
	tpm_public_deinit(&p);
	for (uint32_t len = 0; len < t.e.ak_public_bytes; len++)
		CHECK_ERR(tpm_public_decode(t.e.ak_public, len, &p), ERR_PROTO);
	CHECK_ERR(tpm_public_decode(t.e.ak_public, t.e.ak_public_bytes + 1, &p), ERR_PROTO);
	fake_tpm_deinit(&t);
}

TEST(tpm_format, a_signature_is_of_one_key_over_one_message)
{
	struct tpm_public p;
	bool good = false;

	begin();
	CHECK_OK(tpm_public_decode(t.e.ak_public, t.e.ak_public_bytes, &p));
	CU_ASSERT_EQUAL(memcmp(p.name, t.ak_name, sizeof(p.name)), 0);
	CU_ASSERT(p.signs_ecdsa_sha256 && !p.signs_rsassa_sha256);
	CHECK_OK(tpm_signature_check(&p, t.e.signature, t.e.signature_bytes, t.e.quote,
				     t.e.quote_bytes, &good));
	CU_ASSERT(good);
	for (uint32_t at = 0; at < t.e.quote_bytes; at++) {
		t.quote.bytes[at] ^= 1;
		CHECK_OK(tpm_signature_check(&p, t.e.signature, t.e.signature_bytes, t.e.quote,
					     t.e.quote_bytes, &good));
		CU_ASSERT_FALSE(good);
		t.quote.bytes[at] ^= 1;
	}
	for (uint32_t at = 0; at < t.e.signature_bytes; at++) {
		t.signature.bytes[at] ^= 1;
		const struct err *e = tpm_signature_check(&p, t.e.signature, t.e.signature_bytes,
							  t.e.quote, t.e.quote_bytes, &good);
		CU_ASSERT(e ? e->kind == ERR_PROTO : !good);
		t.signature.bytes[at] ^= 1;
	}
	p.signs_ecdsa_sha256 = false;
	CHECK_OK(tpm_signature_check(&p, t.e.signature, t.e.signature_bytes, t.e.quote,
				     t.e.quote_bytes, &good));
	CU_ASSERT_FALSE(good);
	tpm_public_deinit(&p);
	fake_tpm_deinit(&t);
}

/* What runs under transcall sees our environment. */
TEST(tpm_format, the_environment_stays_as_it_is)
{
	struct quote q;

	begin();
	unsetenv("TSS2_LOG");
	CHECK_OK(quote_decode(t.e.quote, t.e.quote_bytes, &q));
	CHECK_ERR(quote_decode(t.e.quote, 9, &q), ERR_PROTO);
	CU_ASSERT_PTR_NULL(getenv("TSS2_LOG"));
	setenv("TSS2_LOG", "all+debug", 1);
	CHECK_OK(quote_decode(t.e.quote, t.e.quote_bytes, &q));
	CU_ASSERT_STRING_EQUAL(getenv("TSS2_LOG"), "all+debug");
	unsetenv("TSS2_LOG");
	fake_tpm_deinit(&t);
}

TEST(tpm_format, a_point_off_the_curve_is_no_key)
{
	struct tpm_public p;

	begin();
	t.ak_public.bytes[t.ak_public.len_bytes - 1] ^= 1;
	CHECK_ERR(tpm_public_decode(t.e.ak_public, t.e.ak_public_bytes, &p), ERR_PROTO);
	fake_tpm_deinit(&t);
}

static size_t rsa_public(uint16_t modulus_bytes, uint16_t name_alg, uint8_t *ret)
{
	TPMT_PUBLIC p = {.type = TPM2_ALG_RSA, .nameAlg = name_alg, .objectAttributes = 0x30072};
	size_t len = 0;

	p.parameters.rsaDetail.symmetric.algorithm = TPM2_ALG_NULL;
	p.parameters.rsaDetail.scheme.scheme = TPM2_ALG_NULL;
	p.parameters.rsaDetail.keyBits = (uint16_t)(modulus_bytes * 8);
	p.unique.rsa.size = modulus_bytes;
	memset(p.unique.rsa.buffer, 0xc1, modulus_bytes);
	CU_ASSERT_EQUAL(Tss2_MU_TPMT_PUBLIC_Marshal(&p, ret, FAKE_BLOB, &len), 0);
	return len;
}

/* The EK of the TCG's template L-1 is such a one. */
TEST(tpm_format, rsa_keys_of_2048_bits_and_more)
{
	uint8_t bytes[FAKE_BLOB];
	struct tpm_public p;

	CHECK_OK(tpm_public_decode(bytes, (uint32_t)rsa_public(256, TPM2_ALG_SHA256, bytes), &p));
	CU_ASSERT_EQUAL(EVP_PKEY_get_bits(p.key), 2048);
	CU_ASSERT(p.attributes & TPM_PUBLIC_DECRYPT);
	CU_ASSERT_PTR_NOT_NULL(tpm_public_ak_flaw(&p));
	tpm_public_deinit(&p);
	CHECK_ERR(tpm_public_decode(bytes, (uint32_t)rsa_public(128, TPM2_ALG_SHA256, bytes), &p),
		  ERR_PROTO);
	CHECK_ERR(tpm_public_decode(bytes, (uint32_t)rsa_public(256, TPM2_ALG_SHA1, bytes), &p),
		  ERR_PROTO);
}
