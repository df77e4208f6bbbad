/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/tools/blobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"

static FILE *blob_open(const char *folder, const char *name, const char *mode)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return fopen(path, mode);
}

const struct err *blob_put(const char *folder, const char *name, const void *bytes,
			   size_t len_bytes)
{
	AUTO_FCLOSE FILE *f = blob_open(folder, name, "we");

	if (f && fwrite(bytes, 1, len_bytes, f) == len_bytes)
		return NULL;
	return ERR(ERR_USAGE, "cannot write %s in %s", name, folder);
}

const struct err *blob_get(const char *folder, const char *name, struct tpm_blob *ret)
{
	AUTO_FCLOSE FILE *f = blob_open(folder, name, "re");

	if (!f)
		return ERR(ERR_USAGE, "cannot read %s in %s", name, folder);
	ret->len_bytes = (uint32_t)fread(ret->bytes, 1, sizeof(ret->bytes), f);
	return NULL;
}

void digest_from_hex(const char *hex, uint8_t ret[TPM_DIGEST])
{
	memset(ret, 0, TPM_DIGEST);
	for (size_t i = 0; i < TPM_DIGEST && hex[2 * i] && hex[2 * i + 1]; i++) {
		const char byte[] = {hex[2 * i], hex[2 * i + 1], 0};

		ret[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
}

void hex_print(const uint8_t *bytes, size_t len_bytes)
{
	for (size_t i = 0; i < len_bytes; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
}
