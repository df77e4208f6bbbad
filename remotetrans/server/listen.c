/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The listening process. It reads nothing from clients; their own processes do. */
#include "remotetrans/server/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/base/confine.h"
#include "remotetrans/base/process.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/server/attester.h"
#include "remotetrans/server/backend.h"
#include "remotetrans/server/bootlog.h"
#include "remotetrans/server/confinement.h"
#include "remotetrans/server/hints.h"
#include "remotetrans/server/journal.h"
#include "remotetrans/server/places.h"
#include "remotetrans/server/profiles.h"
#include "remotetrans/server/serve.h"
#include "remotetrans/wire/stream.h"
#include "remotetrans/wire/tls.h"

#define BACKLOG        SOMAXCONN
#define ACCEPT_REST_MS 200
#define WAITING_BYTES  (128 << 10) /* in a socket, not yet sent */
#define DEFER_S        5 /* a connection that says nothing stays in the kernel for so long */

struct listener {
	const struct server_config *config;
	SSL_CTX *tls;
	int socket, signals;
	sigset_t old_mask;
	struct places places;
	struct offenders offenders;
	struct attester attester;
	bool accept_failed; /* for want of descriptors or memory; the operator was told */
	pid_t pid;
};

static const struct err *bind_first(const struct addrinfo *list, const char *where, int *ret)
{
	int error = EADDRNOTAVAIL, on = 1, defer_s = DEFER_S;

	for (const struct addrinfo *a = list; a; a = a->ai_next) {
		AUTO_CLOSE int fd =
			socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		/* less is asked of us with it, but nothing depends on it */
		(void)setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer_s, sizeof(defer_s));
		if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
		    bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
			*ret = fd_take(&fd);
			return NULL;
		}
		error = errno;
	}
	return ERR_ERRNO(ERR_USAGE, error, "cannot listen on %s", where);
}

static const struct err *open_socket(const char *where, int *ret)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *list;
	char host[256];
	const char *colon = strrchr(where, ':');

	if (!colon || !colon[1])
		return ERR(ERR_USAGE, "listen=%s is not HOST:PORT", where);
	snprintf(host, sizeof(host), "%.*s", (int)(colon - where), where);
	char *name = host;
	if (host[0] == '[' && colon[-1] == ']') {
		host[strlen(host) - 1] = 0;
		name++;
	}
	int resolved = getaddrinfo(name[0] ? name : NULL, colon + 1, &hints, &list);
	if (resolved)
		return ERR(ERR_USAGE, "listen=%s: %s", where, gai_strerror(resolved));
	const struct err *e = bind_first(list, where, ret);
	freeaddrinfo(list);
	return e;
}

static const struct err *open_signals(struct listener *l)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &mask, &l->old_mask) != 0 ||
	    (l->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "signalfd");
	return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? ERR_ERRNO(ERR_SYSTEM, errno, "signal") : NULL;
}

static const char *peer_name(int fd, char *ret, size_t size_bytes)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getpeername(fd, (struct sockaddr *)&address, &len) != 0 ||
	    getnameinfo((struct sockaddr *)&address, len, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return "unknown client";
	snprintf(ret, size_bytes, "%s port %s", host, port);
	return ret;
}

typedef int end_name_fn(int fd, struct sockaddr *address, socklen_t *len);

static bool host_of(end_name_fn *end_name, int fd, char *ret, socklen_t size_bytes)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);

	return end_name(fd, (struct sockaddr *)&address, &len) == 0 &&
	       getnameinfo((struct sockaddr *)&address, len, ret, size_bytes, NULL, 0,
			   NI_NUMERICHOST) == 0;
}

/* A client of this very host has no link that could be slow, only a processor. */
static bool is_far(int fd)
{
	char ours[NI_MAXHOST], theirs[NI_MAXHOST];

	return !host_of(getsockname, fd, ours, sizeof(ours)) ||
	       !host_of(getpeername, fd, theirs, sizeof(theirs)) || strcmp(ours, theirs) != 0;
}

/* The client's process. It dies with the listener, and with it backend connection and pause. */
static _Noreturn void client_process(struct listener *l, struct place *place, int fd)
{
	char name[NI_MAXHOST + NI_MAXSERV + 8];
	const char *who = peer_name(fd, name, sizeof(name));
	int on = 1, waiting_bytes = WAITING_BYTES;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != l->pid)
		_exit(1);
	places_enter(&l->places, place);
	hints_enter();
	attester_enter(&l->attester);
	close(l->socket);
	close(l->signals);
	sigprocmask(SIG_SETMASK, &l->old_mask, NULL);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); /* only slower without */
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)); /* hosts that vanished */
	/* else megabytes are on their way before a slow link is seen (pace.h) */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &waiting_bytes, sizeof(waiting_bytes));
	bool on_another_host = is_far(fd);
	const struct err *e = confinement_client(l->config);
	if (!e)
		e = serve_client(l->config, l->tls, fd, who, on_another_host);
	if (e)
		journal_say("%s: %s: %s", who, err_kind_name(e->kind), e->message);
	_exit(e != NULL);
}

/* The process @pid of a client has ended. */
static void leave(struct listener *l, pid_t pid)
{
	struct origin from;

	if (places_leave(&l->places, pid, &from))
		offenders_add(&l->offenders, &from, stream_now_ns());
}

/* Where the next client goes. NULL: nowhere. */
static struct place *make_room(struct listener *l)
{
	struct place *place = places_free(&l->places);
	struct place *stranger = place ? NULL : places_oldest_stranger(&l->places);

	if (!stranger)
		return place;
	process_kill(stranger->pidfd);
	while (waitpid(stranger->pid, NULL, 0) < 0 && errno == EINTR)
		;
	leave(l, stranger->pid);
	return stranger;
}

static void serve_in(struct listener *l, struct place *place, int fd, const struct origin *from)
{
	int pidfd;
	pid_t pid = process_fork(&pidfd);

	if (pid == 0)
		client_process(l, place, fd);
	if (pid > 0)
		places_give(&l->places, place, pid, pidfd, from);
	else
		journal_say("cannot fork: %s", strerror(errno));
}

/* Whether the client has left already; nothing is read. */
static bool has_left(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN);
}

static void receive_client(struct listener *l, int fd)
{
	struct origin from = origin_of(fd);
	struct place *place;

	if (has_left(fd) || offenders_has(&l->offenders, &from, stream_now_ns()))
		return;
	place = make_room(l);
	if (place)
		serve_in(l, place, fd, &from);
	else
		journal_say("max_clients= reached: a client was turned away");
}

/* Without a free descriptor the client stays in the queue, and poll would return at once: rest. */
static void accept_failed(struct listener *l)
{
	const struct timespec rest = {.tv_nsec = ACCEPT_REST_MS * 1000000L};

	if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
		return;
	if (!l->accept_failed)
		journal_say("cannot accept a client: %s; trying again until it works",
			    strerror(errno));
	l->accept_failed = true;
	nanosleep(&rest, NULL);
}

static void accept_client(struct listener *l)
{
	AUTO_CLOSE int fd = accept4(l->socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		accept_failed(l);
		return;
	}
	l->accept_failed = false;
	receive_client(l, fd);
}

static void reap(struct listener *l)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		bool was_attester = attester_ended(&l->attester, pid);

		leave(l, pid);
		if (WIFSIGNALED(status)) /* SIGSYS: it asked for what its filter forbids */
			journal_say("process %d %s was ended by signal %d (%s)", (int)pid,
				    was_attester ? "that owns the TPM" : "of a client",
				    WTERMSIG(status), strsignal(WTERMSIG(status)));
	}
}

/* False: told to end. */
static bool take_signals(struct listener *l)
{
	struct signalfd_siginfo info;

	while (read(l->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			return false;
		reap(l);
	}
	return true;
}

static const struct err *loop(struct listener *l)
{
	for (;;) {
		struct pollfd p[] = {{.fd = l->socket, .events = POLLIN},
				     {.fd = l->signals, .events = POLLIN}};

		if (poll(p, 2, attester_tend(&l->attester)) < 0 && errno != EINTR)
			return ERR_ERRNO(ERR_SYSTEM, errno, "poll");
		if (p[1].revents && !take_signals(l))
			return NULL;
		if (p[0].revents)
			accept_client(l);
	}
}

/* The key is read and the port is ours: from here on we need little. */
static const struct err *give_up(const struct server_config *c)
{
	bool is_root;

	TRY(process_drop(c->user, &is_root));
	if (is_root)
		journal_say("runs as root, though without capabilities: name a user= in [server]");
	if (!confine_has_files())
		journal_say(CONFINE_NO_FILES);
	if (c->profiles[0])
		TRY(profile_folder_open(c->profiles));
	return confinement_listener(c);
}

/* Each was chosen by the configuration; what nobody tags is never chosen otherwise. */
static void say_backends(const struct server_config *c)
{
	const struct backend_ops *ops;

	for (size_t i = 0; i < c->vm_count; i++)
		if (!backend_by_name(c->vms[i].backend, &ops))
			journal_say("VM %s: backend %s%s", c->vms[i].name, ops->name,
				    ops->is_tagged ? "" : ": nobody tags what it says");
}

static const struct err *run(struct listener *l)
{
	const struct server_config *c = l->config;
	const struct tls_files files = {c->client_ca, c->certificate, c->key};

	TRY(places_init(&l->places, c->max_clients, c->max_clients_each));
	TRY(hints_init(c->vm_count));
	TRY(tls_context(true, &files, &l->tls));
	TRY(open_signals(l));
	TRY(open_socket(c->listen, &l->socket));
	TRY(attester_init(&l->attester, c));
	bootlog_open(c);
	TRY(give_up(c));
	say_backends(c);
	return loop(l);
}

const struct err *listen_run(const struct server_config *config)
{
	static struct listener l;
	const struct err *e;

	l = (struct listener){.config = config,
			      .socket = -1,
			      .signals = -1,
			      .attester = {.ask_fd = -1, .serve_fd = -1},
			      .pid = getpid()};
	e = run(&l);

	if (l.socket >= 0)
		close(l.socket);
	if (l.signals >= 0)
		close(l.signals);
	SSL_CTX_free(l.tls);
	places_deinit(&l.places);
	hints_deinit();
	attester_deinit(&l.attester);
	return e;
}
