/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An EFI program's hash, and its sections. Input: the file. */
#include "remotetrans/attest/authenticode.h"
#include "tests/fuzz/fuzz.h"

#define CHECKSUM (24u + 64u) /* from where the PE header is */

static void check_section(const uint8_t *file, size_t len_bytes, const char *name)
{
	const uint8_t *at;
	uint32_t section_bytes;
	const struct err *e = authenticode_section(file, len_bytes, name, &at, &section_bytes);

	HOLDS(!e || e->kind == ERR_PROTO || e->kind == ERR_ABSENT);
	HOLDS(e ||
	      (at >= file && section_bytes <= len_bytes && at + section_bytes <= file + len_bytes));
}

/* The checksum is the one thing in the headers that never counts. */
static void check_checksum(const uint8_t *file, size_t len_bytes, const uint8_t digest[32])
{
	uint8_t *copy = malloc(len_bytes), again[32];
	uint32_t pe;

	memcpy(copy, file, len_bytes);
	memcpy(&pe, file + 0x3c, sizeof(pe));
	copy[pe + CHECKSUM] ^= 1;
	if (pe + CHECKSUM > 0x3f) /* nor is it the pointer to themselves */
		HOLDS(!authenticode_digest(copy, len_bytes, again) && !memcmp(digest, again, 32));
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	uint8_t digest[32];
	const struct err *e = authenticode_digest(bytes, len_bytes, digest);

	HOLDS(!e || e->kind == ERR_PROTO);
	if (!e)
		check_checksum(bytes, len_bytes, digest);
	check_section(bytes, len_bytes, ".config");
	check_section(bytes, len_bytes, ".ramdisk");
	return 0;
}
