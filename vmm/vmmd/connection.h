/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection - one caller on vmmd's socket: its bytes in and out.
 *
 * A connection holds at most one request and one answer. While an answer is not taken, no more is
 * read, so a slow peer holds up nobody but itself. The room for an answer (1 MiB) is there only
 * until it is taken: idle connections cost little.
 */
#ifndef VMMD_CONNECTION_H
#define VMMD_CONNECTION_H

#include <stddef.h>

#include "vmm/core/request.h"

#define CONNECTION_IN_BYTES                                                                        \
	(sizeof(struct rtvmm_request) + RTVMM_READ_FRAMES_MAX * sizeof(uint64_t))
#define CONNECTION_STALL_NS 10000000000ull /* for the rest of a request, or to take an answer */

struct connection {
	struct call_io io; /* of the request at hand */
	int fd;            /* -1: free */
	struct caller *caller;
	uint8_t in[CONNECTION_IN_BYTES];
	size_t in_bytes;
	size_t taken_bytes; /* of the request at hand */
	uint8_t *out; /* owned; NULL: no answer to be taken */
	size_t out_bytes, out_room, sent_bytes;
	bool closing;      /* after the answer */
	uint64_t moved_ns; /* when it last got on */
};

/* Take over @fd, which is non-blocking. */
void connection_open(struct connection *c, int fd, struct caller *caller, uint64_t now_ns);

/* Close and free; the caller's sessions are the server's to end. */
void connection_close(struct connection *c);

/* Whether it waits for the peer to send (else to take). */
bool connection_wants_input(const struct connection *c);

/* Whether the peer has been stuck in the middle of something for too long. */
bool connection_is_stalled(const struct connection *c, uint64_t now_ns);

/* Read what is there. False: the peer has closed, or failed. */
bool connection_receive(struct connection *c, uint64_t now_ns);

/* Send what can be sent. False: the peer has failed, or the connection is done. */
bool connection_send(struct connection *c, uint64_t now_ns);

/* Whether a whole request has come. A malformed one counts: it is refused, then closed. */
bool connection_has_request(const struct connection *c);

/**
 * connection_answer() - carry out the request at hand
 * @call: its caller and io are filled in here
 *
 * Return: false: no memory, nothing was done, and the connection is of no more use.
 */
bool connection_answer(struct connection *c, struct call *call);

/* Replace the answer made by connection_answer(), of which nothing was sent yet. */
void connection_refuse(struct connection *c, int status);

#endif
