/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link - the connection to a remotetransd: TLS, HELLO, numbered requests, errors made readable.
 *
 * The other side is authenticated by its certificate, and still untrusted.
 */
#ifndef RT_CLIENT_LINK_H
#define RT_CLIENT_LINK_H

#include "remotetrans/client/config.h"
#include "remotetrans/wire/frame.h"

struct link {
	const struct target_config *target; /* borrowed */
	struct stream stream;
	uint16_t request;        /* number of the newest request */
	bool hello_pending;      /* HELLO sent, its answer not yet read */
	enum wire_error refusal; /* kind of the ERROR message last received */
	bool has_answered;       /* nothing is on its way: the next request starts a round trip */
	uint64_t round_trips;    /* connecting counts two: TCP and TLS */
};

/**
 * link_open() - connect and send HELLO; its answer is read with the first reply
 * @target: borrowed, must outlive @l
 *
 * Return: NULL; USAGE (certificate files); PEER naming what to check.
 */
MUST_CHECK const struct err *link_open(struct link *l, const struct target_config *target);
void link_deinit(struct link *l);

/* A number for the next request, which is sent at once. */
uint16_t link_next_request(struct link *l);

/**
 * link_receive() - the next message of the answer to @request
 * @types: which types are expected, MSG_ERROR is handled here: bit set, 1 << type
 *
 * Return: NULL; PEER: the server refuses (see refusal), is gone or too slow; PROTO.
 */
MUST_CHECK const struct err *link_receive(struct link *l, uint16_t request, uint32_t types,
					  uint64_t deadline_ns, struct frame *ret);

/* What the server says goes to a terminal: everything but printable ASCII becomes '?'. */
void link_make_plain(char *text);

typedef const struct err *link_vm_fn(void *context, const struct msg_vm *vm);

/* Call @visit for each VM that this client may read. */
MUST_CHECK const struct err *link_list(struct link *l, link_vm_fn *visit, void *context);

#endif
