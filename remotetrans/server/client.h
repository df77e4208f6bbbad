/* SPDX-License-Identifier: GPL-2.0-or-later */
/* client - the state of one connection, and the answers that leave on it; for serve's files only.
 */
#ifndef RT_SERVER_CLIENT_H
#define RT_SERVER_CLIENT_H

#include "remotetrans/server/access.h"
#include "remotetrans/server/pace.h"
#include "remotetrans/server/sent.h"
#include "remotetrans/server/snapshot.h"
#include "remotetrans/wire/frame.h"
#include "remotetrans/wire/pack.h"

/* Known clients and strangers alike: handshake and all else until a VM is open. */
#define CLIENT_OPEN_TIMEOUT_MS 10000

struct client {
	const struct server_config *config;
	struct stream stream;
	const char *address;          /* for the log */
	char name[ACCESS_NAME_BYTES]; /* empty: a stranger */
	uint64_t open_by_ns;          /* until a VM is open */
	bool greeted;
	bool is_far;                 /* on another host */
	bool takes_packed;           /* PACKED in the place of RECORDS */
	bool finished;               /* close after this request */
	const struct vm_config *vm;  /* NULL: none opened */
	struct backend *backend;     /* NULL: none opened */
	struct profile_text profile; /* no text: none */
	struct snapshotter snapshotter;
	struct records records; /* of the current answer */
	struct sent sent;       /* pages of the last snapshot */
	struct pace pace;       /* of the link */
	struct packer packer;
};

/* Ends its session, its walk and its connection. */
void client_deinit(struct client *c);

/* When a message must have gone or come. */
uint64_t answer_deadline_ns(void);

MUST_CHECK const struct err *answer_refuse(struct client *c, uint16_t request, enum wire_error kind,
					   const char *message);

/* What the backend's refusal @e means for the client. Only a busy VMM leaves all as it was. */
MUST_CHECK const struct err *answer_backend_failed(struct client *c, uint16_t request,
						   const struct err *e);

/* c->records from @first on, as the answer to @f; or, moving *@first on, one message of them. */
MUST_CHECK const struct err *answer_records(struct client *c, const struct frame *f, size_t first);
MUST_CHECK const struct err *answer_some(struct client *c, uint16_t request, size_t *first);
MUST_CHECK const struct err *answer_done(struct client *c, uint16_t request, size_t count);

/* Carry out one request. @f: of a type that goes to the server. Return: NULL; PROTO, PEER, SYSTEM.
 */
MUST_CHECK const struct err *requests_dispatch(struct client *c, const struct frame *f);

#endif
