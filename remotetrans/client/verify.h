/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify - the one door: no guest byte reaches a reader except through verify_record().
 *
 * Input: attacker-controlled bytes, from a server that may lie, drop, reorder, replay and delay.
 * Every refusal is INTEGRITY and its message names the frame (or other subject) and the check.
 */
#ifndef RT_CLIENT_VERIFY_H
#define RT_CLIENT_VERIFY_H

#include <openssl/evp.h>

#include "remotetrans/wire/record.h"

/* What a session is bound to; from the handshake. */
struct verify_identity {
	uint8_t instance_id[RTVMM_ID_BYTES];
	uint8_t uuid[RTVMM_ID_BYTES];
	uint8_t boot_id[RTVMM_ID_BYTES];
	uint64_t session;
};

struct verify {
	EVP_CIPHER_CTX *cipher; /* owned, holds the key; NULL: untagged, accepted by the user */
	struct verify_identity identity;
	bool any_accepted;
	uint64_t counter; /* of the record last accepted */
	uint64_t records; /* accepted */
	uint64_t spent_ns;
};

struct framecache;

/* What the caller asked for. */
struct verify_expect {
	uint32_t types; /* bit set: 1 << enum rtvmm_record_type */
	const uint8_t *challenge;
	uint32_t any_subject; /* types of which each subject will do; bits as above */
	bool any_generation;
	uint64_t subject;
	uint64_t generation;
	const struct framecache *kept; /* whose pages short forms may stand for; NULL: none */
};

#define VERIFY_TYPE(type) (1u << (type))

/* @key: RTVMM_KEY_BYTES, copied; NULL: the backend cannot tag and the user said it may. */
MUST_CHECK const struct err *verify_init(struct verify *v, const struct verify_identity *identity,
					 const uint8_t *key);
void verify_deinit(struct verify *v);

/**
 * verify_record() - take one record from @r and check all of it
 * @r:      header, tag, payload, or a short form; then possibly more records
 * @expect: what was asked for
 * @ret:    out: only when everything holds; its payload borrows from @r, or from @expect->kept
 *
 * Checked: magic, version, type, session, instance id, UUID, boot id, challenge, subject,
 * generation, payload length, reserved bytes, a counter above every one accepted before, and the
 * tag over header and payload. Untagged sessions: the tag must be zero, all else holds as well.
 * For a short form, the header is made up of what was asked for, so its tag binds it and the page
 * that was kept.
 * Return: NULL; INTEGRITY; PROTO (cut short).
 */
MUST_CHECK const struct err *verify_record(struct verify *v, const struct verify_expect *expect,
					   struct buf_reader *r, struct record *ret);

/* The tag of @header with empty payload equals @tag (key confirmation, counter 0). */
MUST_CHECK const struct err *verify_confirm(struct verify *v, const uint8_t *challenge,
					    const uint8_t *tag);

#endif
