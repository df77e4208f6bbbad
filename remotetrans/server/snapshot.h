/* SPDX-License-Identifier: GPL-2.0-or-later */
/* snapshot - collect one pause: begin, registers, the frames of a walk, end. */
#ifndef RT_SERVER_SNAPSHOT_H
#define RT_SERVER_SNAPSHOT_H

#include "remotetrans/server/backend.h"
#include "remotetrans/server/profiles.h"
#include "remotetrans/server/walk.h"

/* Of one client's VM; kept between its snapshots. */
struct snapshotter {
	struct backend *backend;            /* borrowed */
	const struct profile_text *profile; /* borrowed; may have no text */
	struct walk *walk;                  /* owned; NULL: not started, or not possible */
	uint8_t walk_hash[WIRE_HASH_BYTES]; /* of the profile that it was started with */
	struct vcpu vcpus[VCPUS_MAX];       /* those that came last: for the next walk */
	unsigned vcpu_count;                /* 0: none yet */
	struct vcpu *hint;                  /* borrowed; NULL: none. See hints.h */
	struct walk_result walked;          /* the last walk beside the guest, of walked_sets */
	uint64_t walked_sets;
	uint64_t reuse_until_ns; /* until then only what has changed since is walked */
	uint64_t *known;         /* owned; frames of the last walk that was complete */
	size_t known_count;
	/* the snapshot that is being taken */
	uint64_t paused_at_ns;
	uint64_t generation;
	bool has_lapsed; /* what comes is of no use: the pause is over already */
};

void snapshotter_deinit(struct snapshotter *s);

/* Start the walk's child as soon as the profile is known: it gets ready beside other work. */
void snapshotter_prepare(struct snapshotter *s);

/**
 * snapshotter_take() - append BEGIN, info, frames and vCPUs, END to @ret, in one pause
 * @done: out: statistics; count is not set
 *
 * Some of them, perhaps: the rest comes by snapshotter_receive(), which must follow.
 * The pause is ended on every path: by END, by closing the backend, or at the VMM's deadline.
 * Return: NULL; or an error; see the backend's status.
 */
MUST_CHECK const struct err *snapshotter_take(struct snapshotter *s, const struct msg_snapshot *m,
					      struct records *ret, struct msg_snapshot_done *done);

/* The next of them, behind those in @ret, of which the first may have been taken out; *@ret_more:
 * it is to be called again. Return: as above. */
MUST_CHECK const struct err *snapshotter_receive(struct snapshotter *s, struct records *ret,
						 struct msg_snapshot_done *done, bool *ret_more);

/* How many vCPUs the info record added last names. PROTO: it is not one. */
MUST_CHECK const struct err *snapshot_count_vcpus(const struct records *r, uint32_t *ret);

#endif
