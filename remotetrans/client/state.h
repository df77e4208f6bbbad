/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state - what this host remembers of a target: three small files with lives of their own.
 *
 * They are in $REMOTETRANS_STATE, else $XDG_STATE_HOME/remotetrans, else
 * ~/.local/state/remotetrans, else (no home that we may enter) /var/lib/remotetrans, as
 * TARGET.enrolled, TARGET.attested and TARGET.bound, and nobody but their owner may write them.
 * Taking one away makes this host forget.
 */
#ifndef RT_CLIENT_STATE_H
#define RT_CLIENT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"
#include "vmm/include/rtvmm.h"

/* The TPM that was accepted. */
struct state_enrolled {
	uint8_t ak[32];        /* the AK's name without its algorithm: SHA-256 of its public area */
	uint8_t ek_sha256[32]; /* of the EK's public area */
	uint32_t at_s;         /* when, in seconds since 1970 */
};

/* The last attestation that passed. */
struct state_attested {
	uint8_t vmm_key[RTVMM_KEY_BYTES];
	uint8_t boot_id[RTVMM_ID_BYTES]; /* of the VMM */
	uint8_t manifest[32];            /* SHA-256 of the file that it fitted */
	uint8_t ak[32];
	uint32_t reset_count; /* of the TPM */
	uint32_t at_s;
};

/* The instance in which the user's token was found. */
struct state_bound {
	uint8_t instance_id[RTVMM_ID_BYTES];
	uint8_t uuid[RTVMM_ID_BYTES];
	bool was_protected;
	uint32_t at_s;
};

/*
 * state_read_KIND(), state_write_KIND() - the file of @target
 * @ret_found: false: there is none; @ret is zero
 *
 * Return: NULL; USAGE naming the file: malformed, writable by others, not writable; SYSTEM.
 */
#define STATE_FILE(kind)                                                                           \
	MUST_CHECK const struct err *state_read_##kind(const char *target,                         \
						       struct state_##kind *ret, bool *ret_found); \
	MUST_CHECK const struct err *state_write_##kind(const char *target,                        \
							const struct state_##kind *value);
STATE_FILE(enrolled)
STATE_FILE(attested)
STATE_FILE(bound)
#undef STATE_FILE

/* Where they are; fills and returns @ret. */
const char *state_folder(char *ret, size_t size_bytes);

/* Now, as at_s counts. */
uint32_t state_now_s(void);

#endif
