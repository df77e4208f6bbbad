/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Credentials and endorsement, against a TPM's side written from the specification (part 1, section
 * 24). */
#include "remotetrans/attest/credential.h"
#include "tests/lib/unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "remotetrans/attest/openssl_scope.h"
#include "remotetrans/attest/tpm_format.h"
#include "remotetrans/base/buf.h"

#define EK_ATTRIBUTES 0x000300b2u /* template L-1 */
#define AK_ATTRIBUTES 0x00050472u
#define HOUR_S        3600L

static const uint8_t secret[TPM_DIGEST] = "what only one TPM may know .....";

/* --- public areas, big-endian as TPM 2.0 part 2 has them ----------------------------------------
 */

static void put(struct tpm_blob *b, uint64_t value, unsigned bytes)
{
	while (bytes--)
		b->bytes[b->len_bytes++] = (uint8_t)(value >> 8 * bytes);
}

static void put_bytes(struct tpm_blob *b, const void *bytes, uint32_t len_bytes)
{
	put(b, len_bytes, 2);
	memcpy(b->bytes + b->len_bytes, bytes, len_bytes);
	b->len_bytes += len_bytes;
}

static void put_head(struct tpm_blob *b, uint16_t type, uint32_t attributes)
{
	b->len_bytes = 0;
	put(b, type, 2);
	put(b, 0x000b, 2);
	put(b, attributes, 4);
}

static void ek_public(EVP_PKEY *key, uint32_t attributes, struct tpm_blob *ret)
{
	uint8_t policy[32] = {1}, modulus[512];
	BIGNUM *n = NULL;

	put_head(ret, 0x0001, attributes);
	put_bytes(ret, policy, sizeof(policy));
	put(ret, 0x0006008000430010, 8); /* AES-128-CFB, no scheme */
	put(ret, (unsigned)EVP_PKEY_get_bits(key), 2);
	put(ret, 0, 4);
	CU_ASSERT_EQUAL_FATAL(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n), 1);
	int len = BN_bn2bin(n, modulus);
	put_bytes(ret, modulus, (uint32_t)len);
	BN_free(n);
}

static void ak_public(EVP_PKEY *key, uint32_t attributes, struct tpm_blob *ret)
{
	uint8_t point[65];
	size_t len;

	put_head(ret, 0x0023, attributes);
	put(ret, 0, 2);
	put(ret, 0x00100018000b0003, 8); /* no symmetric, ECDSA with SHA-256, P-256 */
	put(ret, 0x0010, 2);
	CU_ASSERT_EQUAL_FATAL(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point,
							      sizeof(point), &len),
			      1);
	put_bytes(ret, point + 1, 32);
	put_bytes(ret, point + 33, 32);
}

/* --- keys, made once ------------------------------------------------------------------------- */

static struct {
	EVP_PKEY *ek, *other_ek, *ak, *ca, *other_ca;
} keys;

static void make_keys(void)
{
	if (keys.ek)
		return;
	keys.ek = EVP_RSA_gen(2048);
	keys.other_ek = EVP_RSA_gen(2048);
	keys.ak = EVP_EC_gen("P-256");
	keys.ca = EVP_EC_gen("P-256");
	keys.other_ca = EVP_EC_gen("P-256");
	CU_ASSERT_TRUE_FATAL(keys.ek && keys.other_ek && keys.ak && keys.ca && keys.other_ca);
}

__attribute__((destructor)) static void free_keys(void)
{
	EVP_PKEY_free(keys.ek);
	EVP_PKEY_free(keys.other_ek);
	EVP_PKEY_free(keys.ak);
	EVP_PKEY_free(keys.ca);
	EVP_PKEY_free(keys.other_ca);
}

/* --- the TPM's side of activation ---------------------------------------------------------------
 */

/* HMAC(key, 1 || label || 0 || context || bits): the first block of KDFa, and all that is needed.
 */
static void kdfa(const uint8_t *seed, const char *label, const uint8_t *context,
		 size_t context_bytes, uint8_t bits_high, uint8_t bits_low, uint8_t ret[32])
{
	uint8_t message[128] = {0, 0, 0, 1};
	size_t len = 4;

	memcpy(message + len, label, strlen(label) + 1);
	len += strlen(label) + 1;
	if (context_bytes)
		memcpy(message + len, context, context_bytes);
	len += context_bytes;
	memcpy(message + len, (uint8_t[]){0, 0, bits_high, bits_low}, 4);
	HMAC(EVP_sha256(), seed, 32, message, len + 4, ret, NULL);
}

static bool open_seed(EVP_PKEY *ek, const struct tpm_blob *sealed, uint8_t seed[32])
{
	EVP_PKEY_CTX *x = EVP_PKEY_CTX_new(ek, NULL);
	uint8_t *label = OPENSSL_memdup("IDENTITY", 9), plain[256];
	size_t len = sizeof(plain);

	EVP_PKEY_decrypt_init(x);
	EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_OAEP_PADDING);
	EVP_PKEY_CTX_set_rsa_oaep_md(x, EVP_sha256());
	EVP_PKEY_CTX_set0_rsa_oaep_label(x, label, 9);
	bool opened = sealed->len_bytes == 258 && sealed->bytes[0] == 1 && !sealed->bytes[1] &&
		      EVP_PKEY_decrypt(x, plain, &len, sealed->bytes + 2, 256) == 1 && len == 32;
	if (opened)
		memcpy(seed, plain, 32);
	EVP_PKEY_CTX_free(x);
	return opened;
}

/* False: as TPM2_ActivateCredential refuses. */
static bool activate(EVP_PKEY *ek, const uint8_t *name, const struct tpm_blob *credential,
		     const struct tpm_blob *sealed, uint8_t ret[TPM_DIGEST])
{
	static const uint8_t sizes[] = {0, 68, 0, 32}, zeros[16];
	uint8_t seed[32], key[32], hmac[32], covered[34 + ATTEST_NAME_BYTES], plain[34];
	int len;

	if (!open_seed(ek, sealed, seed) || credential->len_bytes != 70 ||
	    memcmp(credential->bytes, sizes, sizeof(sizes)) != 0)
		return false;
	kdfa(seed, "INTEGRITY", NULL, 0, 1, 0, key);
	memcpy(covered, credential->bytes + 36, 34);
	memcpy(covered + 34, name, ATTEST_NAME_BYTES);
	HMAC(EVP_sha256(), key, 32, covered, sizeof(covered), hmac, NULL);
	if (memcmp(hmac, credential->bytes + 4, 32) != 0)
		return false;
	kdfa(seed, "STORAGE", name, ATTEST_NAME_BYTES, 0, 128, key);
	EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
	EVP_DecryptInit_ex2(x, EVP_aes_128_cfb128(), key, zeros, NULL);
	EVP_DecryptUpdate(x, plain, &len, covered, 34);
	EVP_CIPHER_CTX_free(x);
	memcpy(ret, plain + 2, TPM_DIGEST);
	return plain[0] == 0 && plain[1] == 32;
}

TEST(credential, opens_for_its_ek_and_ak_alone)
{
	static struct tpm_blob ek, credential, sealed;
	uint8_t name[ATTEST_NAME_BYTES] = {0, 0x0b, 7}, other[ATTEST_NAME_BYTES] = {0, 0x0b, 8};
	uint8_t found[TPM_DIGEST] = {0};

	make_keys();
	ek_public(keys.ek, EK_ATTRIBUTES, &ek);
	CHECK_OK(credential_make(&ek, name, secret, &credential, &sealed));
	CU_ASSERT_TRUE(activate(keys.ek, name, &credential, &sealed, found));
	CU_ASSERT_EQUAL(memcmp(found, secret, sizeof(found)), 0);
	CU_ASSERT_FALSE(activate(keys.ek, other, &credential, &sealed, found));
	CU_ASSERT_FALSE(activate(keys.other_ek, name, &credential, &sealed, found));
}

TEST(credential, is_another_each_time)
{
	static struct tpm_blob ek, credentials[2], sealed[2];
	uint8_t name[ATTEST_NAME_BYTES] = {0, 0x0b};

	make_keys();
	ek_public(keys.ek, EK_ATTRIBUTES, &ek);
	for (unsigned i = 0; i < 2; i++)
		CHECK_OK(credential_make(&ek, name, secret, &credentials[i], &sealed[i]));
	CU_ASSERT_NOT_EQUAL(memcmp(credentials[0].bytes, credentials[1].bytes, 70), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(sealed[0].bytes, sealed[1].bytes, 258), 0);
}

TEST(credential, is_made_for_eks_only)
{
	static const uint32_t lacking[] = {0x2, 0x10, 0x20, 0x10000, 0x20000};
	static struct tpm_blob key, credential, sealed;
	uint8_t name[ATTEST_NAME_BYTES] = {0, 0x0b};

	make_keys();
	for (unsigned i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++) {
		ek_public(keys.ek, EK_ATTRIBUTES & ~lacking[i], &key);
		CHECK_ERR(credential_make(&key, name, secret, &credential, &sealed), ERR_ATTEST);
	}
	ek_public(keys.ek, EK_ATTRIBUTES | TPM_PUBLIC_SIGN, &key);
	CHECK_ERR(credential_make(&key, name, secret, &credential, &sealed), ERR_ATTEST);
	ak_public(keys.ak, EK_ATTRIBUTES, &key);
	CHECK_ERR(credential_make(&key, name, secret, &credential, &sealed), ERR_ATTEST);
	key.len_bytes--;
	CHECK_ERR(credential_make(&key, name, secret, &credential, &sealed), ERR_PROTO);
}

/* --- endorsement ------------------------------------------------------------------------------ */

static void add(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

static X509 *certificate(EVP_PKEY *subject, EVP_PKEY *ca, bool is_ca, long from_s, long to_s)
{
	X509_NAME *issuer = X509_NAME_new();
	X509 *x = X509_new();

	X509_NAME_add_entry_by_txt(issuer, "CN", MBSTRING_ASC, (const uint8_t *)"maker", -1, -1, 0);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), is_ca ? 1 : 2);
	X509_set_issuer_name(x, issuer);
	if (is_ca)
		X509_set_subject_name(x, issuer);
	X509_gmtime_adj(X509_getm_notBefore(x), from_s);
	X509_gmtime_adj(X509_getm_notAfter(x), to_s);
	X509_set_pubkey(x, subject);
	add(x, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
	if (!is_ca) { /* as TPM makers do, with an empty subject */
		add(x, NID_ext_key_usage, "2.23.133.8.1");
		add(x, NID_subject_alt_name, "critical,URI:tpm:model");
		add(x, NID_key_usage, "critical,keyEncipherment");
	}
	CU_ASSERT_TRUE_FATAL(X509_sign(x, ca, EVP_sha256()) > 0);
	X509_NAME_free(issuer);
	return x;
}

static char ca_path[] = "/tmp/rt-ek-ca-XXXXXX";

static void write_ca(EVP_PKEY *ca)
{
	X509 *x = certificate(ca, ca, true, -HOUR_S, HOUR_S);

	strcpy(ca_path, "/tmp/rt-ek-ca-XXXXXX");
	int fd = mkstemp(ca_path);
	FILE *f = fdopen(fd, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	PEM_write_X509(f, x);
	fclose(f);
	X509_free(x);
}

static void certify(struct tpm_endorsement *e, EVP_PKEY *subject, EVP_PKEY *ca, long from_s,
		    long to_s)
{
	X509 *x = certificate(subject, ca, false, from_s, to_s);
	uint8_t *at = e->ek_certificate.bytes;

	e->ek_certificate.len_bytes = (uint32_t)i2d_X509(x, &at);
	X509_free(x);
}

static struct tpm_endorsement *endorsement(void)
{
	static struct tpm_endorsement e;

	make_keys();
	ek_public(keys.ek, EK_ATTRIBUTES, &e.ek_public);
	ak_public(keys.ak, AK_ATTRIBUTES, &e.ak_public);
	certify(&e, keys.ek, keys.ca, -HOUR_S, HOUR_S);
	return &e;
}

static const struct err *check(const struct tpm_endorsement *e, EVP_PKEY *ca)
{
	uint8_t name[ATTEST_NAME_BYTES];

	write_ca(ca);
	const struct err *failed =
		endorsement_check(e, &(struct endorsement_policy){.ca = ca_path}, name);
	unlink(ca_path);
	return failed;
}

TEST(endorsement, is_certified_by_an_accepted_authority)
{
	struct tpm_endorsement *e = endorsement();

	CHECK_OK(check(e, keys.ca));
	CHECK_ERR(check(e, keys.other_ca), ERR_ATTEST);
}

TEST(endorsement, may_be_padded_as_tpms_do)
{
	struct tpm_endorsement *e = endorsement();

	memset(e->ek_certificate.bytes + e->ek_certificate.len_bytes, 0xff, 100);
	e->ek_certificate.len_bytes += 100;
	CHECK_OK(check(e, keys.ca));
}

TEST(endorsement, needs_a_certificate_of_today_and_of_its_own)
{
	struct tpm_endorsement *e = endorsement();

	certify(e, keys.ek, keys.ca, -2 * HOUR_S, -HOUR_S);
	CHECK_ERR(check(e, keys.ca), ERR_ATTEST);
	certify(e, keys.ek, keys.ca, HOUR_S, 2 * HOUR_S);
	CHECK_ERR(check(e, keys.ca), ERR_ATTEST);
	certify(e, keys.other_ek, keys.ca, -HOUR_S, HOUR_S);
	CHECK_ERR(check(e, keys.ca), ERR_ATTEST);
	e->ek_certificate.len_bytes = 0;
	CHECK_ERR(check(e, keys.ca), ERR_ATTEST);
	e->ek_certificate.len_bytes = 20;
	CHECK_ERR(check(e, keys.ca), ERR_ATTEST);
}

TEST(endorsement, an_altered_certificate_fails_wherever)
{
	struct tpm_endorsement *e = endorsement();

	for (uint32_t i = 0; i < e->ek_certificate.len_bytes; i += 7) {
		e->ek_certificate.bytes[i] ^= 0x10;
		CHECK_ERR(check(e, keys.ca), ERR_ATTEST);
		e->ek_certificate.bytes[i] ^= 0x10;
	}
}

TEST(endorsement, a_pin_decides_alone)
{
	struct tpm_endorsement *e = endorsement();
	uint8_t pin[32], name[ATTEST_NAME_BYTES];
	struct endorsement_policy p = {.ca = "", .sha256 = pin};

	e->ek_certificate.len_bytes = 0;
	CHECK_OK(endorsement_fingerprint(e, pin));
	CHECK_OK(endorsement_check(e, &p, name));
	pin[31] ^= 1;
	CHECK_ERR(endorsement_check(e, &p, name), ERR_ATTEST);
	certify(e, keys.ek, keys.ca, -HOUR_S, HOUR_S);
	write_ca(keys.ca);
	p.ca = ca_path;
	CHECK_ERR(endorsement_check(e, &p, name), ERR_ATTEST);
	unlink(ca_path);
}

TEST(endorsement, nothing_is_accepted_by_default)
{
	struct tpm_endorsement *e = endorsement();
	uint8_t name[ATTEST_NAME_BYTES];

	CHECK_ERR(endorsement_check(e, &(struct endorsement_policy){.ca = ""}, name), ERR_USAGE);
	CHECK_ERR(endorsement_check(e, &(struct endorsement_policy){.ca = "/nonexistent"}, name),
		  ERR_USAGE);
	CHECK_ERR(endorsement_check(e, &(struct endorsement_policy){.ca = "/dev/null"}, name),
		  ERR_USAGE);
}

TEST(endorsement, names_an_ak_that_is_one)
{
	struct tpm_endorsement *e = endorsement();
	uint8_t name[ATTEST_NAME_BYTES], pin[32], digest[32];
	struct endorsement_policy p = {.ca = "", .sha256 = pin};

	CHECK_OK(endorsement_fingerprint(e, pin));
	CHECK_OK(endorsement_check(e, &p, name));
	EVP_Digest(e->ak_public.bytes, e->ak_public.len_bytes, digest, NULL, EVP_sha256(), NULL);
	CU_ASSERT_TRUE(name[0] == 0 && name[1] == 0x0b && memcmp(name + 2, digest, 32) == 0);
	ak_public(keys.ak, AK_ATTRIBUTES & ~TPM_PUBLIC_RESTRICTED, &e->ak_public);
	CHECK_ERR(endorsement_check(e, &p, name), ERR_ATTEST);
	e->ak_public.len_bytes = 3;
	CHECK_ERR(endorsement_check(e, &p, name), ERR_PROTO);
}
