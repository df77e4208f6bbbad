/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blobs - structures of a TPM as files in a folder, for programs of the tests. */
#ifndef TESTS_TOOLS_BLOBS_H
#define TESTS_TOOLS_BLOBS_H

#include "remotetrans/attest/tpm.h"

MUST_CHECK const struct err *blob_put(const char *folder, const char *name, const void *bytes,
				      size_t len_bytes);
MUST_CHECK const struct err *blob_get(const char *folder, const char *name, struct tpm_blob *ret);

/* At most 32 bytes of hexadecimal digits, then zeros; and back, with a newline, to standard output.
 */
void digest_from_hex(const char *hex, uint8_t ret[TPM_DIGEST]);
void hex_print(const uint8_t *bytes, size_t len_bytes);

#endif
