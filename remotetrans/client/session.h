/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session - a verified view of one remote VM: frames, registers, snapshots.
 *
 * Frames come through session_frames() (hand it to gmem_init()). Before the first snapshot they
 * are read from the running VM. After session_snapshot() they are those of one pause. A frame that
 * the snapshot lacks makes the session take a new one that has it too; the reader is told RACE,
 * finds session_epoch() changed, and starts over. After SESSION_ROUNDS_MAX such rounds missing
 * frames are read from the running VM and counted in session_counters.races.
 */
#ifndef RT_CLIENT_SESSION_H
#define RT_CLIENT_SESSION_H

#include "remotetrans/base/framesrc.h"
#include "remotetrans/base/vcpu.h"
#include "remotetrans/client/config.h"
#include "remotetrans/wire/record.h"

#define SESSION_ROUNDS_MAX 3

struct session;
struct trust;

/* The kernel profile that the server's walk needs; borrowed for the session's life. */
struct session_profile {
	const char *text;
	size_t len_bytes;
	uint8_t hash[32]; /* SHA-256 of the text: struct profile's hash */
};

struct session_counters {
	uint64_t round_trips; /* connecting included */
	uint64_t frames;      /* verified */
	uint64_t kept;        /* of these: by tag alone, since the page was there */
	uint64_t bytes_received, bytes_sent;
	uint64_t packed_bytes; /* of those received: compressed records */
	uint64_t saved_bytes;  /* not received, thanks to both */
	uint64_t verify_ns;
	uint64_t snapshots;
	uint64_t missed; /* frames that a reader needed and the snapshot did not have */
	uint64_t races;  /* frames read outside of their snapshot after all rounds were used */
	/* of the last snapshot, as the server says: for measurement only */
	uint32_t walk_us, repair_us, collect_us;
	uint64_t paused_ns; /* of the last snapshot, verified */
	char remark[241];   /* why the server's walk was incomplete; else empty */
};

/**
 * session_open() - connect, agree on a key with the VMM, tell the server the profile
 * @target:  borrowed, must outlive the session
 * @profile: NULL: the server cannot walk, snapshots have only frames that were asked for
 * @first_sets: with a profile: ask for a snapshot of them in the same flight, for the
 *              session_snapshot() that comes next; 0: none
 * @ret:     out: to be closed with session_close()
 *
 * Return: NULL; USAGE; PEER; PROTO; INTEGRITY.
 */
MUST_CHECK const struct err *session_open(const struct target_config *target,
					  const struct session_profile *profile,
					  uint64_t first_sets, struct session **ret);
void session_close(struct session *s);

/**
 * session_attest() - session_open(), for those who want to see the attestation
 * @ret_attestation: out: evidence and verdict, also on error; no rows: it did not come to it.
 *                   attestation_deinit() in any case
 */
struct attestation;
MUST_CHECK const struct err *session_attest(const struct target_config *target,
					    struct attestation *ret_attestation,
					    struct session **ret);

/* What vouches for the VMM's key (trust.h); borrowed. */
const struct trust *session_trust(const struct session *s);

/**
 * session_notice() - what each run must tell its user: that nothing is verified, that nobody vouches
 * for the VMM's key, that its host was restarted
 * @ret: one line without its end; empty: nothing
 */
void session_notice(const struct session *s, char *ret, size_t size_bytes);

/* Whether this is the instance that the user's token was found in. */
bool session_is_bound(const struct session *s);

/* Borrowed; FAULT: verified not to be RAM; RACE: see above. */
struct framesrc *session_frames(struct session *s);

/* Changes with every snapshot: what was read before belongs to another moment. 0: none yet. */
uint64_t session_epoch(const struct session *s);

/**
 * session_snapshot() - one pause, with the frames that the readers of @sets will touch
 * @sets: opaque to this layer
 *
 * Frames and vCPUs borrowed before are gone; gmem_flush() after it.
 * Return: NULL; or a fatal kind.
 */
MUST_CHECK const struct err *session_snapshot(struct session *s, uint64_t sets);

/* Registers of all vCPUs: of the snapshot, else of now. Borrowed until the next snapshot. */
MUST_CHECK const struct err *session_vcpus(struct session *s, const struct vcpu **ret,
					   unsigned *ret_count);

/* What the VMM says of the VM now. */
MUST_CHECK const struct err *session_info(struct session *s, struct vm_info *ret);

/* False: an untagged backend that the user accepted; each run must say so. */
bool session_is_verified(const struct session *s);

/* Whether the VMM says that the host's toolstack can neither map nor alter the VM; false until it
 * has said anything: with the first snapshot, registers or info. */
bool session_is_protected(const struct session *s);

/* Instance id, UUID, boot id of the VMM, session number. */
struct verify_identity;
const struct verify_identity *session_identity(const struct session *s);

/* Read @count frames (default 8, a power of two) around one that is missing before any snapshot. */
void session_set_readahead(struct session *s, unsigned count);

/* Before any snapshot: forget the frames read so far, so that each is fetched anew. */
void session_forget(struct session *s);

struct session_counters session_counters(const struct session *s);

#endif
