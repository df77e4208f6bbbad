/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests to the VMM. */
#include "remotetrans/server/vmm_request.h"

#include <stddef.h>

/* Challenge and session number, at their places in the open request and reply (rtvmm.h). */
#define OPEN_CHALLENGE_AT offsetof(struct rtvmm_open_request, challenge)
#define OPEN_SESSION_AT   offsetof(struct rtvmm_open_reply, session)

const struct err *vmm_request_encode(const struct backend_request *request, uint64_t session,
				     struct buf_writer *w)
{
	static const uint8_t zeros[RTVMM_CHALLENGE_BYTES];

	TRY(buf_write_u32(w, RTVMM_VERSION));
	TRY(buf_write_u32(w, (uint32_t)request->op));
	TRY(buf_write_u64(w, session));
	TRY(buf_write_bytes(w, request->challenge ? request->challenge : zeros, sizeof(zeros)));
	TRY(buf_write_u32(w, request->count));
	TRY(buf_write_u32(w, request->deadline_ms));
	for (uint32_t i = 0; request->frames && i < request->count; i++)
		TRY(buf_write_u64(w, request->frames[i]));
	return NULL;
}

const struct err *vmm_request_encode_open(const uint8_t *open, struct buf_writer *w)
{
	struct backend_request request = {.op = RTVMM_OP_OPEN,
					  .challenge = open + OPEN_CHALLENGE_AT};

	TRY(vmm_request_encode(&request, 0, w));
	return buf_write_bytes(w, open, WIRE_OPEN_REQUEST_BYTES);
}

uint32_t vmm_request_records(const struct backend_request *request)
{
	if (request->op == RTVMM_OP_READ)
		return request->count;
	return request->op == RTVMM_OP_CLOSE ? 0 : 1;
}

uint64_t vmm_request_session(const uint8_t *reply)
{
	struct buf_reader r = buf_reader_over(reply + OPEN_SESSION_AT, 8);
	uint64_t session = 0;

	IGNORE(buf_read_u64(&r, &session)); /* there are 8 bytes */
	return session;
}
