/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside of a session; for session*.c only. */
#ifndef RT_CLIENT_SESSION_INTERNAL_H
#define RT_CLIENT_SESSION_INTERNAL_H

#include "remotetrans/client/framecache.h"
#include "remotetrans/client/handshake.h"
#include "remotetrans/client/link.h"
#include "remotetrans/client/session.h"
#include "remotetrans/client/trust.h"
#include "remotetrans/client/verify.h"
#include "remotetrans/wire/pack.h"

#define SESSION_EXTRAS_MAX 4096 /* missed frames that are asked for from then on */

/*
 * A request whose answer is a stream of records. @expect says what the next record must be before
 * it is verified; @accept gets it after.
 */
struct exchange {
	struct session *session;
	uint8_t challenge[RTVMM_CHALLENGE_BYTES];
	uint64_t deadline_ns; /* on this machine's clock, from before the challenge left */
	uint16_t request;
	const struct err *(*expect)(struct exchange *x, struct verify_expect *ret);
	const struct err *(*accept)(struct exchange *x, const struct record *rec);
};

struct session {
	struct framesrc frames; /* first: session_frames() */
	const struct target_config *target;
	const struct session_profile *profile; /* NULL: none */
	bool server_has_profile;
	struct link link;
	struct trust trust;
	struct verify verify;

	struct packer packer;
	struct framepool pool;
	struct framecache cache; /* of the epoch */
	struct framecache spare; /* being filled by a snapshot */
	uint64_t epoch;
	uint64_t generation; /* of the newest snapshot; generations only go up */
	uint64_t sets;       /* of the newest snapshot */
	bool is_asked;       /* a snapshot of them is on its way: */
	struct exchange asked;
	unsigned rounds;     /* snapshots taken because of misses */
	unsigned late;       /* round trips for misses after those */
	uint64_t extras[SESSION_EXTRAS_MAX];
	unsigned extra_count;
	unsigned readahead;

	struct vcpu vcpus[VCPUS_MAX];
	unsigned vcpu_count; /* 0: not read in this epoch */
	bool is_protected;   /* as the newest info record says */
	bool is_bound;       /* its instance is the one that the user's token was found in */
	struct session_counters counters;
};

/* The first messages of a session. */
struct opening {
	struct session *session;
	struct handshake handshake;
	struct attestation *attestation; /* out: what was asked for, if anything */
	uint16_t open_request, profile_request;
	uint64_t deadline_ns;
};

/* Agree with the VMM, tell the server the profile; o->session has its link open. */
MUST_CHECK const struct err *opening_run(struct opening *o);

/* Draw the challenge and start the clock; then send the request with them. What is on its way is
 * received before. */
MUST_CHECK const struct err *exchange_begin(struct exchange *x, struct session *s);

/* Receive and verify records up to the message of type @last, which is returned. */
MUST_CHECK const struct err *exchange_receive(struct exchange *x, enum msg_type last,
					      struct frame *ret);

/*
 * A VM may be paused for a tenth of the time only: wait for our share. True: the last exchange was
 * refused as BUSY; waited a little, try again. False: something else, or it is @until_ns.
 */
bool exchange_wait_busy(const struct session *s, uint64_t until_ns);
uint64_t exchange_busy_until(void);

/* Read frames from the VM as it is now into the cache. */
MUST_CHECK const struct err *session_read_live(struct session *s, const uint64_t *frames,
					       unsigned count);

/* Ask for the snapshot of s->sets and s->extras, and leave its answer for later. */
MUST_CHECK const struct err *session_ask_snapshot(struct session *s);

/* Take the snapshot of s->sets and s->extras, or the one that is on its way. */
MUST_CHECK const struct err *session_take_snapshot(struct session *s);

/* Refuse an unprotected VM where the user wants that; keep what it is. */
MUST_CHECK const struct err *session_check_info(struct session *s, const struct vm_info *i);

/* framesrc.get */
MUST_CHECK const struct err *session_get_frame(struct framesrc *src, gfn_t frame,
					       const uint8_t **ret);

#endif
