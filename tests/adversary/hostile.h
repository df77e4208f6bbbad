/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostile - a remotetransd that lies: for the adversary tests, never installed.
 *
 * It is the ordinary server; the linker puts these functions in front of some of its own
 * (--wrap), so it can do whatever a server that was taken over can do with what passes through it.
 * Each behaviour of behaviours.def is a function at one seam:
 *   records  the records of an answer, before they leave. Return: whether it lied
 *   ask      a question to the VMM, instead of asking it
 *   vm       which VM is opened
 *   request  the client's hello to the VMM. Return: whether it lied
 *   reply    the VMM's answer to it
 *   message  a message to the client, instead of sending it
 *   tls      the server's TLS
 */
#ifndef TESTS_ADVERSARY_HOSTILE_H
#define TESTS_ADVERSARY_HOSTILE_H

#include "remotetrans/server/backend.h"
#include "remotetrans/wire/frame.h"

/* A backend between the server and the real one. */
struct hostile {
	struct backend backend; /* first */
	struct backend *inner;
	struct backend *other; /* the same client's session with another VM; NULL: none */
	struct records kept;   /* of an ask behaviour */
};

struct message {
	struct stream *stream;
	const uint8_t *bytes; /* FRAME_HEAD_BYTES, then the body */
	size_t len_bytes;
	uint64_t deadline_ns;
	uint16_t type;
};

#define SEAM_records(name) bool records_##name(struct records *r);
#define SEAM_ask(name)                                                                             \
	const struct err *ask_##name(struct hostile *h, const struct backend_request *request,     \
				     struct records *ret);
#define SEAM_vm(name)                                                      void vm_##name(struct vm_config *vm);
#define SEAM_request(name)                                                 bool request_##name(uint8_t *request);
#define SEAM_reply(name)                                                   void reply_##name(uint8_t *reply);
#define SEAM_message(name)                                                 const struct err *message_##name(const struct message *m);
#define SEAM_tls(name)                                                     void tls_##name(SSL_CTX *tls);
#define BEHAVIOUR(name, seam, operations, kind, says, deadline_ms, checks) SEAM_##seam(name)
#include "tests/adversary/behaviours.def"
#undef BEHAVIOUR

/* Say in the log that a lie was told: a behaviour that never lies tests nothing. */
void hostile_lied(void);

/* An environment variable that the check sets; ends the program when it is not. */
const char *hostile_setting(const char *name);

/* Let @vm be the other one of $RT_HOSTILE_OTHER: the UUID of a domain, or the socket of its vmmd. */
void hostile_aim_at_other(struct vm_config *vm);

/* The real thing behind a seam. */
const struct err *ask_really(struct hostile *h, const struct backend_request *request,
			     struct records *ret);
const struct err *message_really(const struct message *m, const uint8_t *bytes, size_t len_bytes);

/* Records of one type: how many there are, the nth one (NULL: not so many), types by index. Those in
 * short form have a type of their own. */
#define RECORDS_KEPT UINT32_MAX
uint32_t records_type(const struct records *r, size_t index);
size_t records_of_type(const struct records *r, uint32_t type);
uint8_t *records_nth(const struct records *r, uint32_t type, size_t n, size_t *ret_index);

/* The frame of a PAGE record; the index of the record of @frame, of either form (r->count: none). */
uint64_t records_frame(const uint8_t *page);
size_t records_index(const struct records *r, uint64_t frame);

/* Cut @cut_bytes out of record @index, from @offset in it on; all of it: the record is gone. */
void records_cut(struct records *r, size_t index, size_t offset, size_t cut_bytes);

void records_exchange(uint8_t *a, uint8_t *b, size_t len);

#endif
