/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmm - the real VMM core, talked to by the real client: what sits between them is the test. */
#ifndef TESTS_UNIT_CLIENT_VMM_H
#define TESTS_UNIT_CLIENT_VMM_H

#include "remotetrans/client/handshake.h"
#include "tests/unit/core/fake_host.h"

struct vmm {
	struct fake *core;
	uint64_t session;
	uint8_t challenge[RTVMM_CHALLENGE_BYTES]; /* of the newest request */
};

void vmm_init(struct vmm *v);
void vmm_deinit(struct vmm *v);

/* The core's answer to the client's open request. */
void vmm_answer_open(struct vmm *v, const struct handshake *h,
		     uint8_t reply[sizeof(struct rtvmm_open_reply)]);

/* A whole handshake. @ret: to be released with verify_deinit(). */
MUST_CHECK const struct err *vmm_open(struct vmm *v, struct verify *ret);

/* READ with a fresh challenge: the records' bytes, borrowed until the next request. */
struct buf_reader vmm_read(struct vmm *v, const uint64_t *frames, uint32_t count);

/* INFO, VCPU, SNAPSHOT_BEGIN, SNAPSHOT_END: one record. */
struct buf_reader vmm_ask(struct vmm *v, enum rtvmm_op op, uint32_t count);

/* Make the tag right again after a change to the record at @bytes: what only the VMM could do. */
void vmm_retag(struct vmm *v, uint8_t *bytes);

#endif
