/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmm_request - requests of rtvmm.h as bytes, for every carrier alike. */
#ifndef RT_SERVER_VMM_REQUEST_H
#define RT_SERVER_VMM_REQUEST_H

#include "remotetrans/server/backend.h"

#define VMM_REQUEST_BYTES_MAX (sizeof(struct rtvmm_request) + 8 * RTVMM_READ_FRAMES_MAX)

/* @request in @session, and what follows it. A request without a challenge has one of zeros. */
MUST_CHECK const struct err *vmm_request_encode(const struct backend_request *request,
						uint64_t session, struct buf_writer *w);

/* OPEN. @open: WIRE_OPEN_REQUEST_BYTES from the client. */
MUST_CHECK const struct err *vmm_request_encode_open(const uint8_t *open, struct buf_writer *w);

/* How many records answer @request; it is not OPEN. */
uint32_t vmm_request_records(const struct backend_request *request);

/* The session that a reply to OPEN of WIRE_OPEN_REPLY_BYTES names. */
uint64_t vmm_request_session(const uint8_t *reply);

#endif
