/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TPM2_MakeCredential in software: TPM 2.0 part 1, section 24. Input: public areas,
 * attacker-controlled. */
#include "remotetrans/attest/credential.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "remotetrans/attest/openssl_scope.h"
#include "remotetrans/attest/tpm_format.h"
#include "remotetrans/base/buf.h"

FREED_BY(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
FREED_BY(EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
FREED_BY(EVP_KDF, EVP_KDF_free)
FREED_BY(EVP_KDF_CTX, EVP_KDF_CTX_free)

#define SEED_BYTES 32u /* as long as the EK's name algorithm, SHA-256 */
#define AES_BYTES  16u
#define SIZE_BYTES 2u

static const struct err *failed(const char *what)
{
	ERR_clear_error();
	return ERR(ERR_SYSTEM, "%s failed", what);
}

/* The seed, for the EK alone: RSA-OAEP with SHA-256 and the label "IDENTITY", its NUL included. */
static const struct err *seal_seed(EVP_PKEY *ek, const uint8_t seed[SEED_BYTES], uint8_t *ret,
				   size_t *ret_len)
{
	AUTO(EVP_PKEY_CTX) *x = EVP_PKEY_CTX_new(ek, NULL);
	char *label = OPENSSL_memdup("IDENTITY", sizeof("IDENTITY"));

	if (!x || !label || EVP_PKEY_encrypt_init(x) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_OAEP_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_rsa_oaep_md(x, EVP_sha256()) != 1 ||
	    EVP_PKEY_CTX_set0_rsa_oaep_label(x, label, sizeof("IDENTITY")) != 1) {
		OPENSSL_free(label);
		return failed("RSA-OAEP");
	}
	/* the label is now the context's */
	return EVP_PKEY_encrypt(x, ret, ret_len, seed, SEED_BYTES) == 1 ? NULL : failed("RSA-OAEP");
}

/* KDFa: part 1, section 11.4.10.2 */
static const struct err *derive(const uint8_t seed[SEED_BYTES], const char *label,
				const uint8_t *context, size_t context_bytes, uint8_t *ret,
				size_t len_bytes)
{
	AUTO(EVP_KDF) *kdf = EVP_KDF_fetch(NULL, "KBKDF", NULL);
	AUTO(EVP_KDF_CTX) *x = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_MODE, (char *)"counter", 0),
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_MAC, (char *)"HMAC", 0),
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)seed, SEED_BYTES),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)label,
						  strlen(label)),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)context,
						  context_bytes),
		OSSL_PARAM_construct_end(),
	};

	return x && EVP_KDF_derive(x, ret, len_bytes, parameters) == 1 ? NULL : failed("KBKDF");
}

/* AES-128-CFB with an all-zero vector, in place. */
static const struct err *encrypt(const uint8_t key[AES_BYTES], uint8_t *bytes, int len_bytes)
{
	static const uint8_t zeros[AES_BYTES];
	AUTO(EVP_CIPHER_CTX) *x = EVP_CIPHER_CTX_new();
	int done;

	if (x && EVP_EncryptInit_ex2(x, EVP_aes_128_cfb128(), key, zeros, NULL) == 1 &&
	    EVP_EncryptUpdate(x, bytes, &done, bytes, len_bytes) == 1 && done == len_bytes)
		return NULL;
	return failed("AES");
}

/* What the outer HMAC is over: the encrypted TPM2B_DIGEST, then the AK's name. */
struct sealed {
	uint8_t size[SIZE_BYTES], secret[TPM_DIGEST];
	uint8_t name[ATTEST_NAME_BYTES];
};
_Static_assert(sizeof(struct sealed) == SIZE_BYTES + TPM_DIGEST + ATTEST_NAME_BYTES, "no holes");

static const struct err *write_size(struct buf_writer *w, size_t size)
{
	return buf_write_u16(w, __builtin_bswap16((uint16_t)size));
}

/* TPM2B_ID_OBJECT: TPM2B_DIGEST with the HMAC, then what was encrypted */
static const struct err *write_credential(const struct sealed *s, const uint8_t hmac[TPM_DIGEST],
					  struct tpm_blob *ret)
{
	struct buf_writer w = buf_writer_over(ret->bytes, sizeof(ret->bytes));

	TRY(write_size(&w, 2 * (SIZE_BYTES + TPM_DIGEST)));
	TRY(write_size(&w, TPM_DIGEST));
	TRY(buf_write_bytes(&w, hmac, TPM_DIGEST));
	TRY(buf_write_bytes(&w, s, SIZE_BYTES + TPM_DIGEST));
	ret->len_bytes = (uint32_t)w.used_bytes;
	return NULL;
}

static const struct err *seal(const uint8_t seed[SEED_BYTES], struct sealed *s,
			      struct tpm_blob *ret)
{
	uint8_t aes[AES_BYTES], key[TPM_DIGEST], hmac[TPM_DIGEST];

	TRY(derive(seed, "STORAGE", s->name, sizeof(s->name), aes, sizeof(aes)));
	TRY(encrypt(aes, s->size, SIZE_BYTES + TPM_DIGEST));
	TRY(derive(seed, "INTEGRITY", NULL, 0, key, sizeof(key)));
	if (!EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, sizeof(key), (uint8_t *)s,
		       sizeof(*s), hmac, sizeof(hmac), NULL))
		return failed("HMAC");
	return write_credential(s, hmac, ret);
}

static const struct err *write_secret(EVP_PKEY *ek, const uint8_t seed[SEED_BYTES],
				      struct tpm_blob *ret)
{
	size_t len = sizeof(ret->bytes) - SIZE_BYTES;
	struct buf_writer w = buf_writer_over(ret->bytes, SIZE_BYTES);

	TRY(seal_seed(ek, seed, ret->bytes + SIZE_BYTES, &len));
	TRY(write_size(&w, len));
	ret->len_bytes = (uint32_t)(SIZE_BYTES + len);
	return NULL;
}

const struct err *credential_make(const struct tpm_blob *ek_public,
				  const uint8_t ak_name[ATTEST_NAME_BYTES],
				  const uint8_t secret[TPM_DIGEST], struct tpm_blob *ret_credential,
				  struct tpm_blob *ret_secret)
{
	struct sealed s = {.size = {0, TPM_DIGEST}};
	uint8_t seed[SEED_BYTES];
	AUTO_PUBLIC ek = {0};

	memcpy(s.secret, secret, TPM_DIGEST);
	memcpy(s.name, ak_name, ATTEST_NAME_BYTES);
	TRY(endorsement_read_ek(ek_public, &ek));
	if (RAND_bytes(seed, sizeof(seed)) != 1)
		return failed("the random generator");
	TRY(write_secret(ek.key, seed, ret_secret));
	return seal(seed, &s, ret_credential);
}
