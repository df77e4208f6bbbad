/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 through OpenSSL. */
#include "remotetrans/attest/digest.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>

static bool digest_run(EVP_MD_CTX *c, const struct digest_part *parts, size_t count, uint8_t *ret)
{
	if (!c || EVP_DigestInit_ex(c, EVP_sha256(), NULL) != 1)
		return false;
	for (size_t i = 0; i < count; i++)
		if (EVP_DigestUpdate(c, parts[i].bytes, parts[i].len_bytes) != 1)
			return false;
	return EVP_DigestFinal_ex(c, ret, NULL) == 1;
}

const struct err *digest_parts(const struct digest_part *parts, size_t count,
			       uint8_t ret[DIGEST_BYTES])
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool done = digest_run(c, parts, count, ret);

	EVP_MD_CTX_free(c);
	return done ? NULL : ERR(ERR_SYSTEM, "OpenSSL cannot compute SHA-256");
}

const struct err *digest_bytes(const void *bytes, size_t len_bytes, uint8_t ret[DIGEST_BYTES])
{
	return digest_parts(&(struct digest_part){bytes, len_bytes}, 1, ret);
}

const struct err *digest_extend(uint8_t value[DIGEST_BYTES], const uint8_t digest[DIGEST_BYTES])
{
	const struct digest_part parts[] = {{value, DIGEST_BYTES}, {digest, DIGEST_BYTES}};

	return digest_parts(parts, 2, value);
}

void digest_hex(const uint8_t *digest, size_t len_bytes, char *ret)
{
	*ret = '\0';
	for (size_t i = 0; i < len_bytes; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}
