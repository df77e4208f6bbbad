/* SPDX-License-Identifier: GPL-2.0-or-later */
/* digest - SHA-256 of bytes that lie in several places, and what a PCR makes of it. */
#ifndef RT_ATTEST_DIGEST_H
#define RT_ATTEST_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

#define DIGEST_BYTES    32u
#define DIGEST_HEX_SIZE (2 * DIGEST_BYTES + 1) /* with its NUL */

struct digest_part {
	const void *bytes; /* borrowed */
	size_t len_bytes;
};

/* Of the parts, one after the other. Return: NULL; SYSTEM: OpenSSL has none. */
MUST_CHECK const struct err *digest_parts(const struct digest_part *parts, size_t count,
					  uint8_t ret[DIGEST_BYTES]);
MUST_CHECK const struct err *digest_bytes(const void *bytes, size_t len_bytes,
					  uint8_t ret[DIGEST_BYTES]);

/* TPM2_PCR_Extend: @value becomes SHA-256(value || digest). */
MUST_CHECK const struct err *digest_extend(uint8_t value[DIGEST_BYTES],
					   const uint8_t digest[DIGEST_BYTES]);

/* Lower-case hexadecimal digits of the first @len_bytes, and a NUL. */
void digest_hex(const uint8_t *digest, size_t len_bytes, char *ret);

#endif
