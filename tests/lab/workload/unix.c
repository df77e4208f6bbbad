// SPDX-License-Identifier: GPL-2.0-or-later
/* Unix sockets: named, abstract, unnamed; stream, datagram, seqpacket; listening, connected,
 * waiting. */
#include "actor.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* '@' in front means the abstract name space; a '|' inside stands for NUL */
static socklen_t address_of(const char *name, struct sockaddr_un *ret)
{
	size_t len = strlen(name);

	memset(ret, 0, sizeof(*ret));
	ret->sun_family = AF_UNIX;
	memcpy(ret->sun_path, name, len);
	if (name[0] == '@')
		for (size_t i = 0; i < len; i++)
			if (ret->sun_path[i] == '|' || i == 0)
				ret->sun_path[i] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (name[0] != '@'));
}

static int bound(const char *name, int type)
{
	struct sockaddr_un at;
	socklen_t len = address_of(name, &at);
	int fd = (int)check(socket(AF_UNIX, type | SOCK_CLOEXEC, 0), name);

	check(bind(fd, (struct sockaddr *)&at, len), name);
	return fd;
}

static int connected(const char *name, int type)
{
	struct sockaddr_un at;
	socklen_t len = address_of(name, &at);
	int fd = (int)check(socket(AF_UNIX, type | SOCK_CLOEXEC, 0), name);

	check(connect(fd, (struct sockaddr *)&at, len), name);
	return fd;
}

static const char *client_target;
static int client_type;

static void run_client(const char *arg)
{
	int fd = connected(client_target, client_type);
	char byte;

	(void)arg;
	close(status_fd);
	CHECK(read(fd, &byte, 1));
	hold();
}

static void serve(const char *name, int type)
{
	int fd = bound(name, type);

	CHECK(listen(fd, 8));
	client_target = name;
	client_type = type;
	actor_fork(run_client, NULL);
	CHECK(accept(fd, NULL, NULL));
	close(status_fd);
	accept(fd, NULL, NULL);
	hold();
}

static void run_stream(const char *arg)
{
	serve(arg, SOCK_STREAM);
}

static void run_seqpacket(const char *arg)
{
	serve(arg, SOCK_SEQPACKET);
}

static void run_dgram(const char *arg)
{
	int client;

	bound(arg, SOCK_DGRAM);
	client = connected(arg, SOCK_DGRAM);
	CHECK(send(client, "log line", 8, 0));
	hold();
}

static void run_backlog(const char *arg)
{
	CHECK(listen(bound(arg, SOCK_STREAM), 8));
	connected(arg, SOCK_STREAM);
	connected(arg, SOCK_STREAM);
	hold();
}

static void run_removed(const char *arg)
{
	CHECK(listen(bound(arg, SOCK_STREAM), 8));
	check(unlink(arg), arg);
	hold();
}

static int pair[2];

static void run_pair_child(const char *arg)
{
	char byte;

	(void)arg;
	close(pair[0]);
	close(status_fd);
	CHECK(read(pair[1], &byte, 1));
	hold();
}

/* the other half of one pair is closed, that of the second is in another process, the third carries
 * a descriptor */
static void run_pairs(const char *arg)
{
	int lonely[2], carrier[2];
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr header;
	} control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS}};
	struct iovec iov = {.iov_base = (char[]){"x"}, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control.space)};

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, lonely));
	close(lonely[1]);
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, carrier));
	memcpy(CMSG_DATA(&control.header), &lonely[0], sizeof(int));
	CHECK(sendmsg(carrier[0], &message, 0));
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
	actor_fork(run_pair_child, arg);
	close(pair[1]);
	hold();
}

const struct actor unix_actors[] = {
	{"unix-stream", run_stream, "/run/labdaemon/control"},
	{"unix-abstract", run_stream, "@lab-abstract"},
	{"unix-abstract-nul", run_seqpacket, "@lab|with|nul"},
	{"unix-seqpacket", run_seqpacket, "/run/labdaemon/a b"},
	{"unix-dgram", run_dgram, "/run/lab-log"},
	{"unix-backlog", run_backlog, "/run/lab-backlog"},
	{"unix-removed", run_removed, "/run/lab-removed"},
	{"unix-pairs", run_pairs, NULL},
	{NULL, NULL, NULL},
};
