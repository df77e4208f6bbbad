/* SPDX-License-Identifier: MIT */
/*
 * session - the sessions of one caller: number, key, next counter.
 *
 * Every caller has a table of its own, so none can push out another's session, and a session
 * number found in one table means nothing in the next.
 */
#ifndef VMM_CORE_SESSION_H
#define VMM_CORE_SESSION_H

#include "vmm/core/types.h"

struct session {
	uint64_t number; /* 0: free */
	uint64_t last_use; /* the caller's uses, counted */
	uint64_t next_counter;
	uint8_t key[RTVMM_KEY_BYTES];
	uint8_t instance_id[RTVMM_ID_BYTES]; /* of the VM it was opened for */
};

/* About 18 KiB; the host provides the memory, zeroed, where no other party can read it. */
struct caller {
	struct session sessions[RTVMM_SESSIONS_MAX];
	uint64_t uses;
};

/*
 * A free place; else that of a session whose instance is not @instance_id and so has ended; else
 * that of the session which this caller has not used for longest: a hypervisor does not learn of
 * the end of a caller's processes.
 */
struct session *session_free_slot(struct caller *c, const uint8_t instance_id[RTVMM_ID_BYTES]);

/* The caller's open session of that number, or NULL. Finding it is using it. */
struct session *session_find(struct caller *c, uint64_t number);

/* A counter value that nothing else in this session gets, whatever becomes of its use. */
uint64_t session_take_counter(struct session *s);

/* Wipe the key and free the place. */
void session_wipe(struct session *s);

#endif
