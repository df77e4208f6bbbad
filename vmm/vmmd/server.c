/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmmd's loop. Input: connections of untrusted callers, events of QEMU. */
#include "vmm/vmmd/server.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/vmmd/capture.h"
#include "vmm/vmmd/listen.h"

#define ATTACH_EVERY_NS 1000000000u
#define ACCEPT_REST_NS  200000000u
#define NS_PER_S        1000000000u
#define TAGS_AT_A_TIME  32 /* some 50 us, then look for what is more urgent */

/* fixed places in the poll set, before the connections */
enum { POLL_SIGNAL, POLL_LISTEN, POLL_QMP, POLL_GUARD, POLL_CONNECTIONS };
#define POLL_COUNT (POLL_CONNECTIONS + SERVER_CONNECTIONS_MAX)

static uint64_t now_ns(const struct server *s)
{
	return host_ops.now_ns(s->host);
}

const struct err *server_open(struct server *s, struct server_secrets *secrets, struct host *host,
			      const char *socket_path, uint32_t deadline_ms)
{
	s->secrets = secrets;
	s->host = host;
	s->socket_path = socket_path;
	s->listen_fd = s->signal_fd = -1;
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++)
		s->connections[i].fd = -1;
	if (vm_create(&s->vm, &host_ops, host, host->config->uuid, deadline_ms))
		return ERR(ERR_SYSTEM, "no random bytes for the instance id");
	TRY(store_open(&s->store));
	TRY(listen_signals(&s->signal_fd));
	return listen_unix(socket_path, &s->listen_fd);
}

static void drop(struct server *s, struct connection *c)
{
	request_caller_gone(&s->vm, c->caller);
	connection_close(c);
}

void server_close(struct server *s)
{
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++)
		if (s->connections[i].fd >= 0)
			drop(s, &s->connections[i]);
	store_close(&s->store);
	if (s->listen_fd >= 0) {
		close(s->listen_fd);
		unlink(s->socket_path);
	}
	if (s->signal_fd >= 0)
		close(s->signal_fd);
}

static void say_problem(struct server *s)
{
	if (s->host->problem[0])
		s->say("%s", s->host->problem);
	s->host->problem[0] = '\0';
}

/* Sessions end with their instance; they find out with their next request. */
static void renew_instance(struct server *s, const char *why)
{
	(void)vm_resume(&s->vm); /* a pause of the old instance means nothing to the new one */
	if (vm_renew_instance(&s->vm))
		s->say("no random bytes for a new instance id");
	else
		s->say("%s: new instance, all sessions end", why);
}

/* Take notice of a reset or of QEMU's end. Return: whether the VM is the one of before. */
static bool look_after_vm(struct server *s)
{
	enum host_change change = s->attach_at_ns ? HOST_GONE : host_look(s->host);

	if (change == HOST_RESET)
		renew_instance(s, "the VM was reset");
	if (change == HOST_GONE && !s->attach_at_ns) {
		say_problem(s);
		renew_instance(s, "QEMU has gone; looking for it again every second");
		host_detach(s->host);
		s->attach_at_ns = now_ns(s) + ATTACH_EVERY_NS;
		s->vm.gone = true;
	}
	return change == HOST_SAME;
}

static void attach_again(struct server *s)
{
	if (!s->attach_at_ns || now_ns(s) < s->attach_at_ns)
		return;
	s->attach_at_ns = now_ns(s) + ATTACH_EVERY_NS;
	if (host_attach(s->host))
		return; /* as expected while there is none; tried again */
	s->attach_at_ns = 0;
	s->vm.gone = false;
	renew_instance(s, "QEMU is back");
}

static bool has_paused(const struct server *s, const struct connection *c)
{
	return s->vm.generation && session_find(c->caller, s->vm.owner_session);
}

/* Who has the VM paused gets the store: tags can wait, the VM should not. */
static void lend_store(struct server *s, struct connection *c)
{
	if (!c->out && !s->store.is_lent && has_paused(s, c))
		connection_lend(c, &s->store);
}

/* While QEMU makes the registers up, which takes longest of all in a pause. */
static bool tag_meanwhile(struct server *s, struct connection *c)
{
	while (connection_has_untagged(c) && capture_is_coming(s->host))
		if (!connection_tag(c, TAGS_AT_A_TIME))
			return false;
	return true;
}

/* False: the connection is done. */
static bool answer_request(struct server *s, struct connection *c)
{
	struct call call = {.core = &s->secrets->core, .vm = &s->vm};

	look_after_vm(s);
	if (connection_asks_for(c, RTVMM_OP_SNAPSHOT_BEGIN) && !s->vm.generation)
		store_prepare(&s->store);
	lend_store(s, c);
	if (connection_asks_for(c, RTVMM_OP_VCPU) && !tag_meanwhile(s, c))
		return false;
	if (!connection_answer(c, &call))
		return false;
	/* what was read while the VM was reset belongs to no instance */
	if (!look_after_vm(s))
		connection_refuse(c, -RTVMM_ENOVM);
	say_problem(s);
	return c->store || (connection_tag(c, UINT_MAX) && connection_send(c, now_ns(s)));
}

static bool answer_requests(struct server *s, struct connection *c)
{
	while (connection_has_request(c))
		if (!answer_request(s, c))
			return false;
	return true;
}

/* Tags of what was copied in a pause are made when nothing is asked for. */
static bool deliver(struct server *s, struct connection *c)
{
	return connection_tag(c, TAGS_AT_A_TIME) &&
	       (!connection_has_output(c) || connection_send(c, now_ns(s)));
}

/* Input first: within a pause, it is what the VM waits for. False: the connection is done. */
static bool get_on(struct server *s, struct connection *c, short events)
{
	if (events & ~POLLOUT && connection_wants_input(c))
		return connection_receive(c, now_ns(s)) && answer_requests(s, c);
	if (connection_has_untagged(c))
		return deliver(s, c) && answer_requests(s, c);
	return !events || (connection_send(c, now_ns(s)) && answer_requests(s, c));
}

static void serve(struct server *s, struct connection *c, short events)
{
	if (!get_on(s, c, events))
		drop(s, c);
}

/* Without a free descriptor the caller stays in the queue, and poll would return at once: rest. */
static void rest_from_accepting(struct server *s)
{
	if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
		return;
	if (!s->accept_failed)
		s->say("cannot take a caller: %s; trying again until it works", strerror(errno));
	s->accept_failed = true;
	s->accept_at_ns = now_ns(s) + ACCEPT_REST_NS;
}

static void accept_caller(struct server *s)
{
	int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		rest_from_accepting(s);
		return;
	}
	s->accept_failed = false;
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		struct connection *c = &s->connections[i];

		if (c->fd >= 0)
			continue;
		connection_open(c, fd, &s->secrets->callers[i], now_ns(s));
		return;
	}
	close(fd);
	s->say("more than %d callers: the last one was turned away", SERVER_CONNECTIONS_MAX);
}

static void drop_stalled(struct server *s)
{
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		struct connection *c = &s->connections[i];

		if (c->fd >= 0 && connection_is_stalled(c, now_ns(s)))
			drop(s, c);
	}
}

static bool tags_wait(const struct server *s)
{
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++)
		if (s->connections[i].fd >= 0 && connection_has_untagged(&s->connections[i]))
			return true;
	return false;
}

/* Until the pause deadline, the end of a rest from accepting, or a second for all else. */
static struct timespec next_wait(const struct server *s)
{
	uint64_t now = now_ns(s);
	uint64_t deadline = vm_deadline_ns(&s->vm);
	uint64_t wait = s->accept_at_ns ? ACCEPT_REST_NS : NS_PER_S;

	if (tags_wait(s))
		wait = 0;
	if (deadline && deadline < now + wait)
		wait = deadline > now ? deadline - now : 0;
	return (struct timespec){.tv_sec = (time_t)(wait / NS_PER_S),
				 .tv_nsec = (long)(wait % NS_PER_S)};
}

/* Return: how many entries are of use; more than RLIMIT_NOFILE would be refused. */
static nfds_t fill_poll(const struct server *s, struct pollfd p[POLL_COUNT])
{
	nfds_t used = POLL_CONNECTIONS;

	p[POLL_SIGNAL] = (struct pollfd){.fd = s->signal_fd, .events = POLLIN};
	p[POLL_LISTEN] =
		(struct pollfd){.fd = s->accept_at_ns ? -1 : s->listen_fd, .events = POLLIN};
	p[POLL_QMP] = (struct pollfd){.fd = s->host->qmp.fd, .events = POLLIN};
	p[POLL_GUARD] = (struct pollfd){.fd = s->host->guard.fd, .events = POLLIN};
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		const struct connection *c = &s->connections[i];

		p[POLL_CONNECTIONS + i] = (struct pollfd){
			.fd = c->fd,
			.events = (short)((connection_wants_input(c) ? POLLIN : 0) |
					  (connection_has_output(c) ? POLLOUT : 0))};
		if (c->fd >= 0)
			used = (nfds_t)(POLL_CONNECTIONS + i + 1);
	}
	return used;
}

static void handle(struct server *s, const struct pollfd p[POLL_COUNT])
{
	uint64_t replaced = s->host->guard.replaced;

	vm_expire(&s->vm);
	attach_again(s);
	if (p[POLL_GUARD].revents && !s->attach_at_ns)
		host_tend_guard(s->host, vm_deadline_ns(&s->vm));
	if (s->host->guard.replaced != replaced)
		s->say("the pause guard had died; there is a new one");
	if (p[POLL_QMP].revents)
		look_after_vm(s);
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++)
		if (s->connections[i].fd >= 0)
			serve(s, &s->connections[i], p[POLL_CONNECTIONS + i].revents);
	if (now_ns(s) >= s->accept_at_ns)
		s->accept_at_ns = 0;
	if (p[POLL_LISTEN].revents)
		accept_caller(s);
	drop_stalled(s);
	store_tend(&s->store, now_ns(s));
	say_problem(s);
}

const struct err *server_run(struct server *s)
{
	struct pollfd p[POLL_COUNT];

	for (;;) {
		struct timespec wait = next_wait(s);

		if (ppoll(p, fill_poll(s, p), &wait, NULL) < 0 && errno != EINTR)
			return ERR_ERRNO(ERR_SYSTEM, errno, "poll");
		if (p[POLL_SIGNAL].revents)
			return NULL;
		handle(s, p);
	}
}
