/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile - what we need of one kernel build: member offsets, sizes, enumerators, symbols.
 *
 * What is asked for is listed in fields.def and symbols.def; a profile is built from a plain
 * kernel package (build.h) and kept as sorted text keyed by build-id. Never test kernel versions:
 * test whether a member or symbol exists.
 */
#ifndef KP_PROFILE_H
#define KP_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

#define FIELD(id, structure, path, presence, note)  F_##id,
#define SIZE(id, structure, presence, note)
#define ENUMERATOR(id, name, presence, note)
enum field_id {
#include "kernel-profiles/fields.def"
	FIELD_COUNT
};
#undef FIELD
#undef SIZE
#undef ENUMERATOR

#define FIELD(id, structure, path, presence, note)
#define SIZE(id, structure, presence, note) SIZE_##id,
#define ENUMERATOR(id, name, presence, note)
enum size_id {
#include "kernel-profiles/fields.def"
	SIZE_COUNT
};
#undef FIELD
#undef SIZE
#undef ENUMERATOR

#define FIELD(id, structure, path, presence, note)
#define SIZE(id, structure, presence, note)
#define ENUMERATOR(id, name, presence, note) E_##id,
enum enumerator_id {
#include "kernel-profiles/fields.def"
	ENUMERATOR_COUNT
};
#undef FIELD
#undef SIZE
#undef ENUMERATOR

#define SYMBOL(id, name, presence, note) S_##id,
enum symbol_id {
#include "kernel-profiles/symbols.def"
	SYMBOL_COUNT
};
#undef SYMBOL

/* Where a member lies in its structure. All zero: this kernel has no such member. */
struct field {
	uint32_t offset_bytes;
	uint32_t size_bytes;  /* of the whole member; a bit-field's: of its storage unit */
	uint8_t bit_offset;   /* bit-field: first bit within the storage unit, counted from bit 0 */
	uint8_t bit_size;     /* bit-field: width; else 0 */
};

struct enumerator {
	int64_t value;
	bool present;
};

#define PROFILE_BUILD_ID_HEX 41 /* SHA-1 build-id in hex, NUL-terminated */
#define PROFILE_HASH_BYTES   32

/* Plain data; owned by whoever declares it, no pointers inside. */
struct profile {
	char build_id[PROFILE_BUILD_ID_HEX];
	char release[65];  /* uname -r */
	char banner[512];  /* linux_banner, without the trailing newline */
	uint8_t hash[PROFILE_HASH_BYTES]; /* SHA-256 of the profile's text */
	struct field fields[FIELD_COUNT];
	uint32_t sizes[SIZE_COUNT]; /* bytes; 0: no such structure */
	struct enumerator enumerators[ENUMERATOR_COUNT];
	uint64_t symbols[SYMBOL_COUNT]; /* link-time address, or per-CPU offset; see has_symbol */
	bool has_symbol[SYMBOL_COUNT];  /* per-CPU symbols may be at 0 */
};

/**
 * profile_parse() - read a profile's text
 * @text:      untrusted (a server may pass on another client's upload)
 * @len_bytes: at most PROFILE_TEXT_MAX
 *
 * Return: NULL; PROFILE for malformed text or, listing all of them at once, missing MUST members.
 */
MUST_CHECK const struct err *profile_parse(const char *text, size_t len_bytes, struct profile *ret);
#define PROFILE_TEXT_MAX (1u << 20)

/* Read and parse the file at @path. Return: NULL, SYSTEM, PROFILE. */
MUST_CHECK const struct err *profile_load(const char *path, struct profile *ret);

static inline bool profile_has(const struct profile *p, enum field_id id)
{
	return p->fields[id].size_bytes != 0;
}

#endif
