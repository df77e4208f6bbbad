/* SPDX-License-Identifier: MIT */
/* record - the header and tag that bind a payload to session, request, VM and pause. */
#ifndef VMM_CORE_RECORD_H
#define VMM_CORE_RECORD_H

#include "vmm/core/core.h"

/* What a record says, besides whose it is. */
struct record_subject {
	enum rtvmm_record_type type;
	uint64_t counter; /* taken from the session before the payload was copied */
	const uint8_t *challenge;
	uint64_t subject;
	uint64_t generation;
	uint64_t taken_ns;
	const void *payload; /* private to the core */
	uint32_t payload_bytes;
};

/* All but the tag, which is zero. */
void record_describe(const struct core *core, const struct vm *vm, const struct session *session,
		     const struct record_subject *what, struct rtvmm_record *ret);

/* The tag of @record, described for @session, over its header and @payload. */
void record_tag(const struct session *session, struct rtvmm_record *record, const void *payload);

/* The tag of the CONFIRM record; uses the session's first counter, 0. */
void record_confirm(const struct core *core, const struct vm *vm, struct session *session,
		    const uint8_t challenge[RTVMM_CHALLENGE_BYTES], uint8_t ret[RTVMM_TAG_BYTES]);

#endif
