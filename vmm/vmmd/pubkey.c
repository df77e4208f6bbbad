/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing the VMM's public key. */
#include "vmm/vmmd/pubkey.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"

static const struct err *write_hex(const char *path, const uint8_t key[RTVMM_KEY_BYTES])
{
	AUTO_FCLOSE FILE *f = fopen(path, "we");

	if (!f)
		return ERR_ERRNO(ERR_SYSTEM, errno, "%s: cannot write the public key", path);
	for (int i = 0; i < RTVMM_KEY_BYTES; i++)
		fprintf(f, "%02x", key[i]);
	fputc('\n', f);
	if (fflush(f))
		return ERR_ERRNO(ERR_SYSTEM, errno, "%s: cannot write the public key", path);
	return NULL;
}

const struct err *pubkey_write(const char *path, const uint8_t key[RTVMM_KEY_BYTES])
{
	char fresh[4096];

	if (snprintf(fresh, sizeof(fresh), "%s.new", path) >= (int)sizeof(fresh))
		return ERR(ERR_USAGE, "--pubkey-out: the path is too long");
	const struct err *e = write_hex(fresh, key);
	if (!e && rename(fresh, path) < 0)
		e = ERR_ERRNO(ERR_SYSTEM, errno, "%s: cannot write the public key", path);
	if (e)
		unlink(fresh); /* a full disk leaves half of it */
	return e;
}
