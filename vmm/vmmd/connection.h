/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection - one caller on vmmd's socket: its bytes in and out.
 *
 * A connection holds at most one request and one answer. While an answer is not taken, no more is
 * read, so a slow peer holds up nobody but itself. The room for an answer (1 MiB) is there only
 * until it is taken: idle connections cost little.
 *
 * One that has a larger store lent to it holds as many answers as fit: it takes on the next request
 * before it has tagged, let alone sent, the last answer. So what is asked for within a pause is
 * copied within it, and tagged behind it.
 */
#ifndef VMMD_CONNECTION_H
#define VMMD_CONNECTION_H

#include <stddef.h>

#include "vmm/core/request.h"
#include "vmm/vmmd/store.h"

#define CONNECTION_IN_BYTES                                                                        \
	(sizeof(struct rtvmm_request) + RTVMM_READ_FRAMES_MAX * sizeof(uint64_t))
#define CONNECTION_STALL_NS 10000000000ull /* for the rest of a request, or to take an answer */
#define CONNECTION_ANSWER_BYTES                                                                    \
	(sizeof(int32_t) + sizeof(uint32_t) +                                                      \
	 RTVMM_READ_FRAMES_MAX * (sizeof(struct rtvmm_record) + RTVMM_FRAME_BYTES))

struct connection {
	struct call_io io; /* of the request at hand */
	int fd;            /* -1: free */
	struct caller *caller;
	uint8_t in[CONNECTION_IN_BYTES];
	size_t in_bytes;
	size_t taken_bytes;  /* of the request at hand */
	struct call *call;   /* at hand */
	uint8_t *out;        /* owned, or the store's; NULL: no answer to be taken */
	struct store *store; /* lent; NULL: none */
	size_t answer_at;    /* where the last answer begins */
	size_t sent_bytes, tagged_bytes, out_bytes, out_room; /* each at most the next */
	uint32_t untagged; /* records from tagged_bytes on, of the answer that these lie in */
	bool closing;      /* after the answer */
	uint64_t moved_ns; /* when it last got on */
};

/* Take over @fd, which is non-blocking. */
void connection_open(struct connection *c, int fd, struct caller *caller, uint64_t now_ns);

/* Close and free; the caller's sessions are the server's to end. */
void connection_close(struct connection *c);

/* Whether the request at hand is for @op. */
bool connection_asks_for(const struct connection *c, enum rtvmm_op op);

/* Hold answers in @store, which is free, until they are all taken. It holds no answer now. */
void connection_lend(struct connection *c, struct store *store);

/* Whether it takes more from the peer, and whether it has something to send. */
bool connection_wants_input(const struct connection *c);
bool connection_has_output(const struct connection *c);

/* Whether there are records without a tag. */
bool connection_has_untagged(const struct connection *c);

/* Tag the next @count of them. False: their session has ended, the connection is of no more use. */
bool connection_tag(struct connection *c, unsigned count);

/* Whether the peer has been stuck in the middle of something for too long. */
bool connection_is_stalled(const struct connection *c, uint64_t now_ns);

/* Read what is there. False: the peer has closed, or failed. */
bool connection_receive(struct connection *c, uint64_t now_ns);

/* Send what is tagged and can be sent. False: the peer has failed, or the connection is done. */
bool connection_send(struct connection *c, uint64_t now_ns);

/* Whether a whole request has come. A malformed one counts: it is refused, then closed. */
bool connection_has_request(const struct connection *c);

/**
 * connection_answer() - carry out the request at hand
 * @call: its caller and io are filled in here
 *
 * Return: false: no memory, or no tag for what it holds; the connection is of no more use.
 */
bool connection_answer(struct connection *c, struct call *call);

/* Replace the answer made last by connection_answer(), of which nothing was sent yet. */
void connection_refuse(struct connection *c, int status);

#endif
