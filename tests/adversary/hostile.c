/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seams of the hostile remotetransd, and which behaviour is at work. */
#include "tests/adversary/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remotetrans/server/client.h"
#include "remotetrans/wire/tls.h"

/* Exactly one is set. */
struct behaviour {
	const char *name;
	bool (*records)(struct records *r);
	const struct err *(*ask)(struct hostile *h, const struct backend_request *request,
				 struct records *ret);
	void (*vm)(struct vm_config *vm);
	bool (*request)(uint8_t *request);
	void (*reply)(uint8_t *reply);
	const struct err *(*message)(const struct message *m);
	void (*tls)(SSL_CTX *tls);
};

static const struct behaviour behaviours[] = {
#define BEHAVIOUR(name_, seam, operations, kind, says, deadline_ms, checks)                        \
	{.name = #name_, .seam = seam##_##name_},
#include "tests/adversary/behaviours.def"
};

void hostile_lied(void)
{
	static const char line[] = "hostile remotetransd: lied\n";

	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		abort();
}

const char *hostile_setting(const char *name)
{
	const char *value = getenv(name);

	if (value)
		return value;
	fprintf(stderr, "hostile remotetransd: %s is not set\n", name);
	abort();
}

static const struct behaviour *chosen(void)
{
	static const struct behaviour *found;
	const char *name = hostile_setting("RT_HOSTILE");

	for (size_t i = 0; !found && i < sizeof(behaviours) / sizeof(behaviours[0]); i++)
		if (strcmp(behaviours[i].name, name) == 0)
			found = &behaviours[i];
	if (found)
		return found;
	fputs("hostile remotetransd: RT_HOSTILE names no behaviour of behaviours.def\n", stderr);
	abort();
}

/* --- what the VMM is asked, and what it answers
 * -----------------------------------------------------
 */

const struct err *ask_really(struct hostile *h, const struct backend_request *request,
			     struct records *ret)
{
	const struct err *e = h->inner->ops->ask(h->inner, request, ret);

	h->backend.status = h->inner->status;
	return e;
}

static const struct err *hostile_ask(struct backend *b, const struct backend_request *request,
				     struct records *ret)
{
	struct hostile *h = (struct hostile *)b;

	return chosen()->ask ? chosen()->ask(h, request, ret) : ask_really(h, request, ret);
}

static const struct memory *hostile_memory(struct backend *b)
{
	struct backend *inner = ((struct hostile *)b)->inner;

	return inner->ops->memory(inner);
}

static void hostile_close(struct backend *b)
{
	struct hostile *h = (struct hostile *)b;

	if (h->inner)
		h->inner->ops->close(h->inner);
	if (h->other)
		h->other->ops->close(h->other);
	records_deinit(&h->kept);
	free(h);
}

const struct err *__real_backend_by_name(const char *name, const struct backend_ops **ret);
const struct err *__wrap_backend_by_name(const char *name, const struct backend_ops **ret);

static const struct err *open_inner(const struct vm_config *vm, const uint8_t *request,
				    uint8_t *reply, struct backend **ret)
{
	const struct backend_ops *ops;

	TRY(__real_backend_by_name(vm->backend, &ops));
	return ops->open(vm, request, reply, ret);
}

void hostile_aim_at_other(struct vm_config *vm)
{
	const char *other = hostile_setting("RT_HOSTILE_OTHER");

	vm->ram[0] = vm->domain[0] = 0;
	if (uuid_parse(other, vm->uuid))
		snprintf(vm->vmmd, sizeof(vm->vmmd), "%s", other);
}

/* The client's hello goes there, too. */
static const struct err *open_other(struct hostile *h, const struct vm_config *vm,
				    const uint8_t *request)
{
	struct vm_config other = *vm;
	uint8_t reply[WIRE_OPEN_REPLY_BYTES];

	hostile_aim_at_other(&other);
	return open_inner(&other, request, reply, &h->other);
}

static const struct err *hostile_open_both(struct hostile *h, const struct vm_config *vm,
					   const uint8_t *request, uint8_t *reply)
{
	struct vm_config which = *vm;
	uint8_t hello[WIRE_OPEN_REQUEST_BYTES];

	memcpy(hello, request, sizeof(hello));
	if (chosen()->vm)
		chosen()->vm(&which);
	if (chosen()->request && chosen()->request(hello))
		hostile_lied();
	TRY(open_inner(&which, hello, reply, &h->inner));
	if (chosen()->ask == ask_other_vm_page || chosen()->ask == ask_other_domain_page)
		TRY(open_other(h, vm, hello));
	if (chosen()->reply) {
		chosen()->reply(reply);
		hostile_lied();
	}
	return NULL;
}

static const struct backend_ops *hostile_ops(const struct backend_ops *real);

static const struct err *hostile_open(const struct vm_config *vm, const uint8_t *request,
				      uint8_t *reply, struct backend **ret)
{
	struct hostile *h = calloc(1, sizeof(*h));

	if (!h)
		return ERR(ERR_SYSTEM, "no memory");
	h->backend.ops = hostile_ops(NULL);
	const struct err *e = hostile_open_both(h, vm, request, reply);
	if (e) {
		hostile_close(&h->backend);
		return e;
	}
	*ret = &h->backend;
	return NULL;
}

/* One set of operations, with the name and needs of @real; NULL: as before. */
static const struct backend_ops *hostile_ops(const struct backend_ops *real)
{
	static struct backend_ops ops;

	if (real) {
		ops = *real;
		ops.open = hostile_open;
		ops.ask = hostile_ask;
		ops.post = NULL; /* one question at a time, and all of the answer at once */
		ops.receive = NULL;
		ops.memory = hostile_memory;
		ops.close = hostile_close;
	}
	return &ops;
}

const struct err *__wrap_backend_by_name(const char *name, const struct backend_ops **ret)
{
	const struct backend_ops *real;

	TRY(__real_backend_by_name(name, &real));
	*ret = hostile_ops(real);
	return NULL;
}

/* --- what leaves
 * ------------------------------------------------------------------------------------
 */

const struct err *__real_answer_records(struct client *c, const struct frame *f, size_t first);
const struct err *__wrap_answer_records(struct client *c, const struct frame *f, size_t first);

const struct err *__wrap_answer_records(struct client *c, const struct frame *f, size_t first)
{
	if (chosen()->records && chosen()->records(&c->records))
		hostile_lied();
	return __real_answer_records(c, f, first);
}

const struct err *__real_stream_write(struct stream *s, const void *bytes, size_t len_bytes,
				      uint64_t deadline_ns);
const struct err *__wrap_stream_write(struct stream *s, const void *bytes, size_t len_bytes,
				      uint64_t deadline_ns);

const struct err *message_really(const struct message *m, const uint8_t *bytes, size_t len_bytes)
{
	return __real_stream_write(m->stream, bytes, len_bytes, m->deadline_ns);
}

/* frame.c writes each message in one piece. */
const struct err *__wrap_stream_write(struct stream *s, const void *bytes, size_t len_bytes,
				      uint64_t deadline_ns)
{
	struct message m = {
		.stream = s, .bytes = bytes, .len_bytes = len_bytes, .deadline_ns = deadline_ns};

	memcpy(&m.type, m.bytes + 4, sizeof(m.type));
	return chosen()->message ? chosen()->message(&m) : message_really(&m, m.bytes, m.len_bytes);
}

const struct err *__real_tls_context(bool is_server, const struct tls_files *files, SSL_CTX **ret);
const struct err *__wrap_tls_context(bool is_server, const struct tls_files *files, SSL_CTX **ret);

const struct err *__wrap_tls_context(bool is_server, const struct tls_files *files, SSL_CTX **ret)
{
	TRY(__real_tls_context(is_server, files, ret));
	if (chosen()->tls) {
		chosen()->tls(*ret);
		hostile_lied();
	}
	return NULL;
}

/* --- a server that is not held back by its own filters
 * -----------------------------------------------
 */

const struct err *__wrap_confinement_listener(const struct server_config *c);
const struct err *__wrap_confinement_client(const struct server_config *c);

const struct err *__wrap_confinement_listener(const struct server_config *c)
{
	(void)c;
	return NULL;
}

const struct err *__wrap_confinement_client(const struct server_config *c)
{
	(void)c;
	return NULL;
}
