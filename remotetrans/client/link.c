/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connection to a remotetransd. Input: attacker-controlled. */
#include "remotetrans/client/link.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "remotetrans/base/check.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/wire/tls.h"

#define CONNECT_ROUND_TRIPS 2 /* TCP, TLS 1.3 */

static void ctx_free(SSL_CTX **ctx)
{
	SSL_CTX_free(*ctx);
}

static void addresses_free(struct addrinfo **list)
{
	if (*list)
		freeaddrinfo(*list);
}

/* HOST:PORT or [V6]:PORT. */
static void split_server(const char *server, char *host, size_t host_bytes, const char **port)
{
	const char *colon = strrchr(server, ':');
	size_t len = (size_t)(colon - server);

	*port = colon + 1;
	if (server[0] == '[' && len >= 2 && server[len - 1] == ']') {
		server++;
		len -= 2;
	}
	snprintf(host, host_bytes, "%.*s", (int)len, server);
}

static int wait_connected(int fd, uint64_t deadline_ns)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	uint64_t now = stream_now_ns();
	int error = 0;
	socklen_t len = sizeof(error);

	if (now >= deadline_ns || poll(&p, 1, (int)((deadline_ns - now) / 1000000) + 1) != 1)
		return ETIMEDOUT;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

static int connect_one(const struct addrinfo *a, uint64_t deadline_ns, int *ret)
{
	AUTO_CLOSE int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, error = 0;

	if (fd < 0)
		return errno;
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0)
		error = errno == EINPROGRESS ? wait_connected(fd, deadline_ns) : errno;
	if (error)
		return error;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); /* only slower without */
	*ret = fd_take(&fd);
	return 0;
}

static const struct err *connect_server(const char *server, const char *host, const char *port,
					uint64_t deadline_ns, int *ret)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	CLEANUP(addresses_free) struct addrinfo *list = NULL;
	int resolved = getaddrinfo(host, port, &hints, &list), error = EADDRNOTAVAIL;

	if (resolved)
		return ERR(ERR_PEER,
			   "cannot resolve server %s: %s (correct server= in the targets file)",
			   server, gai_strerror(resolved));
	for (const struct addrinfo *a = list; a; a = a->ai_next) {
		error = connect_one(a, deadline_ns, ret);
		if (!error)
			return NULL;
	}
	return ERR_ERRNO(ERR_PEER, error,
			 "server %s cannot be reached: is remotetransd running there?", server);
}

static const struct err *send_hello(struct link *l, uint64_t deadline_ns)
{
	struct msg_hello hello = {.version = WIRE_VERSION,
				  .flags = l->target->compress ? WIRE_HELLO_PACKED : 0};

	l->hello_pending = true;
	return frame_send_hello(&l->stream, 0, &hello, deadline_ns);
}

const struct err *link_open(struct link *l, const struct target_config *target)
{
	const struct tls_files files = {target->ca, target->certificate, target->key};
	uint64_t deadline_ns = stream_after_ms(target->timeout_ms);
	CLEANUP(ctx_free) SSL_CTX *ctx = NULL;
	char host[sizeof(target->server)];
	const char *port;
	int fd = -1;

	*l = (struct link){.target = target, .stream = {.fd = -1}};
	split_server(target->server, host, sizeof(host), &port);
	TRY(tls_context(false, &files, &ctx));
	TRY(tls_check_client(ctx, target->certificate));
	TRY(connect_server(target->server, host, port, deadline_ns, &fd));
	const char *name = target->server_name[0] ? target->server_name : host;
	const struct err *e = stream_open(&l->stream, ctx, fd, false, name, deadline_ns);
	if (e)
		return ERR(ERR_PEER,
			   "server %s: %s (check ca= and server_name= of target [%s]; it must be "
			   "certified for '%s')",
			   target->server, e->message, target->name, name);
	l->round_trips = CONNECT_ROUND_TRIPS;
	l->has_answered = true;
	return send_hello(l, deadline_ns);
}

void link_deinit(struct link *l)
{
	stream_deinit(&l->stream);
}

uint16_t link_next_request(struct link *l)
{
	l->round_trips += l->has_answered;
	l->has_answered = false;
	return ++l->request;
}

void link_make_plain(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

static const char *const remedies[] = {
	[WIRE_ERROR_VERSION] = "; client and server must be of one version",
	[WIRE_ERROR_NO_VM] = "; it says so for every reason: vm= is not there, its allow= lacks "
			     "this client, or certificate= is not accepted (client_ca=, client_crl=, "
			     "its dates, its usage; the reason is in remotetransd's log)",
	[WIRE_ERROR_VM_GONE] = "; the VM was rebooted or replaced, or its VMM is gone: start again",
	[WIRE_ERROR_BUSY] = "; try again later",
	[WIRE_ERROR_BACKEND] = NULL,
};

static const struct err *refused(struct link *l, const struct frame *f)
{
	struct buf_reader r = frame_reader(f);
	struct msg_error m;

	TRY(msg_decode_error(&r, &m));
	link_make_plain(m.message);
	l->refusal = m.kind < sizeof(remedies) / sizeof(remedies[0]) ? m.kind : 0;
	const char *remedy = remedies[l->refusal];
	return ERR(ERR_PEER, "server %s: %s%s", l->target->server, m.message, remedy ? remedy : "");
}

static const struct err *receive_any(struct link *l, uint64_t deadline_ns, struct frame *ret)
{
	const struct err *e = frame_receive(&l->stream, TO_CLIENT, deadline_ns, ret);

	if (!e)
		return NULL;
	if (l->hello_pending && e->kind == ERR_PEER)
		return ERR(ERR_PEER,
			   "server %s: %s (is it remotetransd? the reason is in its log)",
			   l->target->server, e->message);
	return ERR(e->kind, "server %s: %s", l->target->server, e->message);
}

static const struct err *receive_hello(struct link *l, uint64_t deadline_ns)
{
	struct msg_hello_reply reply;
	struct frame f;

	TRY(receive_any(l, deadline_ns, &f));
	l->hello_pending = false;
	if (f.type == MSG_ERROR)
		return refused(l, &f);
	struct buf_reader r = frame_reader(&f);
	if (f.type != MSG_HELLO_REPLY)
		return ERR(ERR_PROTO, "server %s answers HELLO with %s", l->target->server,
			   msg_name(f.type));
	TRY(msg_decode_hello_reply(&r, &reply));
	if (!CHECK(hello_version, reply.version == WIRE_VERSION && !reply.flags))
		return ERR(ERR_PROTO, "server %s speaks version %u, this client %d",
			   l->target->server, reply.version, WIRE_VERSION);
	return NULL;
}

const struct err *link_receive(struct link *l, uint16_t request, uint32_t types,
			       uint64_t deadline_ns, struct frame *ret)
{
	if (l->hello_pending)
		TRY(receive_hello(l, deadline_ns));
	TRY(receive_any(l, deadline_ns, ret));
	l->has_answered = true;
	if (ret->type == MSG_ERROR)
		return refused(l, ret);
	if (!CHECK(request, ret->request == request) || !(types >> ret->type & 1))
		return ERR(ERR_PROTO, "server %s sent %s for request %u, out of turn",
			   l->target->server, msg_name(ret->type), ret->request);
	return NULL;
}

#define LIST_MAX 4096

const struct err *link_list(struct link *l, link_vm_fn *visit, void *context)
{
	const uint32_t types = 1u << MSG_VM | 1u << MSG_DONE;
	uint64_t deadline_ns = stream_after_ms(l->target->timeout_ms);
	uint16_t request = link_next_request(l);
	struct msg_list list = {0};
	struct frame f;

	TRY(frame_send_list(&l->stream, request, &list, deadline_ns));
	for (unsigned i = 0; CHECK(list_max, i < LIST_MAX); i++) {
		struct msg_vm vm;

		TRY(link_receive(l, request, types, deadline_ns, &f));
		if (f.type == MSG_DONE)
			return NULL;
		struct buf_reader r = frame_reader(&f);
		TRY(msg_decode_vm(&r, &vm));
		link_make_plain(vm.name);
		link_make_plain(vm.backend);
		TRY(visit(context, &vm));
	}
	return ERR(ERR_PROTO, "server %s lists more than %d VMs", l->target->server, LIST_MAX);
}
