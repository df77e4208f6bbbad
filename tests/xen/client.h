/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client - a client's session with Xen's core, over the hypercall; every record is verified by
 * OpenSSL before it is handed on. What Xen refuses is an error of kind PEER with Xen's number.
 */
#ifndef TESTS_XEN_CLIENT_H
#define TESTS_XEN_CLIENT_H

#include "tests/lib/hypercall.h"
#include "tests/lib/vmm_peer.h"

#define CLIENT_STRIDE (sizeof(struct rtvmm_record) + RTVMM_FRAME_BYTES) /* of records with a page  \
									 */

struct client {
	struct hypercall *call; /* borrowed; clients may share one */
	uint16_t domid;
	struct vmm_peer peer;
	struct rtvmm_request request; /* the last one that was asked */
};

/* Open a session. */
MUST_CHECK const struct err *client_open(struct client *c, struct hypercall *call, uint16_t domid);

/* Make ready a request with a fresh challenge; it may be spoilt before it is made. */
void client_ask(struct client *c, enum rtvmm_op op, uint32_t count);
void client_ask_frames(struct client *c, const uint64_t *frames, uint32_t count);
/* Make it. */
MUST_CHECK const struct err *client_make(struct client *c);

/* Verify the record at @at of @answer (of @answer_bytes) as one of the last request; @at moves on.
 * A PAGE may be NOT_RAM: @ret_payload is then NULL. */
MUST_CHECK const struct err *client_verify(struct client *c, enum rtvmm_record_type type,
					   uint64_t subject, const uint8_t *answer,
					   size_t answer_bytes, size_t *at,
					   const uint8_t **ret_payload);

/* @ret: each frame's page in the hypercall's buffer, NULL where it is not RAM */
MUST_CHECK const struct err *client_read(struct client *c, const uint64_t *frames, uint32_t count,
					 const uint8_t *ret[]);
MUST_CHECK const struct err *client_info(struct client *c, struct rtvmm_info *ret);
MUST_CHECK const struct err *client_vcpu(struct client *c, uint32_t number, struct rtvmm_vcpu *ret);
/* Begin or end; 0: the deadline that the VMM chooses */
MUST_CHECK const struct err *client_snapshot(struct client *c, enum rtvmm_op op,
					     uint32_t deadline_ms, struct rtvmm_snapshot *ret);
MUST_CHECK const struct err *client_close(struct client *c);

/*
 * Some frames of the domain that are RAM, at most @max: of every @step'th frame from @first on.
 */
MUST_CHECK const struct err *client_find_frames(struct client *c, uint64_t first, uint64_t step,
						uint64_t *ret, uint32_t max, uint32_t *ret_count);

#endif
