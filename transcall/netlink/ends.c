/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pairs that pass for netlink sockets. Input: the tool. */
#include "transcall/netlink/ends.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/netlink/packet.h"

#define NAMES_MAX 100 /* tries of random names */

const struct err *ends_init(struct ends *ends)
{
	memset(ends, 0, sizeof(*ends));
	for (size_t i = 0; i < ENDS_MAX; i++)
		ends->slots[i].fd = -1;
	ends->events = epoll_create1(EPOLL_CLOEXEC);
	if (ends->events < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot wait for the tool's requests");
	return NULL;
}

static void end_close(struct end *e)
{
	if (e->fd >= 0)
		close(e->fd);
	free(e->out);
	*e = (struct end){.fd = -1};
}

void ends_deinit(struct ends *ends)
{
	for (size_t i = 0; i < ENDS_MAX; i++)
		end_close(&ends->slots[i]);
	if (ends->events >= 0)
		close(ends->events);
}

/* --- opening ------------------------------------------------------------------------------- */

/* An abstract name (its first byte, in nl_pad, is 0) with port 0; what is left makes it ours. */
static int name_bind(int fd)
{
	struct sockaddr_nl name = {.nl_family = AF_UNIX};

	_Static_assert(sizeof(name) <= sizeof(struct sockaddr_un), "a name's length");
	for (int i = 0; i < NAMES_MAX; i++) {
		if (getrandom(&name.nl_groups, sizeof(name.nl_groups), 0) < 0)
			return errno;
		if (bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0)
			return 0;
		if (errno != EADDRINUSE)
			return errno;
	}
	return EADDRINUSE;
}

static int watch(const struct ends *ends, const struct end *e, int how, uint32_t for_what)
{
	struct epoll_event event = {.events = for_what, .data.u32 = (uint32_t)(e - ends->slots)};

	return epoll_ctl(ends->events, how, e->fd, &event) < 0 ? errno : 0;
}

static int pair_make(struct ends *ends, struct end *e, int type, int *ret_fd)
{
	struct stat st = {0};
	int pair[2], errnum;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return errno;
	e->fd = pair[0];
	*ret_fd = pair[1];
	errnum = name_bind(e->fd);
	if (errnum == 0 && fstat(pair[1], &st) < 0)
		errnum = errno;
	if (errnum == 0 && type & SOCK_NONBLOCK && fcntl(pair[1], F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		errnum = errno;
	e->tool = st.st_ino;
	return errnum ? errnum : watch(ends, e, EPOLL_CTL_ADD, EPOLLIN);
}

static struct end *slot_take(struct ends *ends)
{
	for (struct end *e = ends->slots; e < ends->slots + ENDS_MAX; e++)
		if (e->fd < 0)
			return e;
	return NULL;
}

/* An end in use from now on, but on error. */
static int end_open(struct ends *ends, int type, struct end **ret, int *ret_fd)
{
	struct end *e = slot_take(ends);
	int errnum;

	*ret_fd = -1;
	*ret = e;
	if (!e)
		return ENFILE;
	errnum = pair_make(ends, e, type, ret_fd);
	if (errnum) {
		scope_close(ret_fd);
		end_close(e);
	}
	return errnum;
}

int ends_open(struct ends *ends, int protocol, int type, uint32_t portid, int *ret_fd)
{
	struct end *e;
	int errnum = end_open(ends, type, &e, ret_fd);

	if (errnum)
		return errnum;
	e->protocol = protocol;
	e->portid = portid;
	e->packet = packet_cut;
	return 0;
}

int ends_feed(struct ends *ends, ends_packet packet, uint8_t *bytes, size_t len, int *ret_fd)
{
	struct end *e;
	int errnum = end_open(ends, 0, &e, ret_fd);

	if (errnum) {
		free(bytes);
		return errnum;
	}
	e->tool = 0; /* no netlink socket */
	e->packet = packet;
	e->feeds = true;
	ends_send(ends, e, bytes, len);
	return 0;
}

struct end *ends_find(struct ends *ends, ino_t tool)
{
	for (size_t i = 0; i < ENDS_MAX; i++)
		if (ends->slots[i].fd >= 0 && ends->slots[i].tool == tool)
			return &ends->slots[i];
	return NULL;
}

/* --- sending and receiving ----------------------------------------------------------------- */

/* Until all is sent, the tool is gone, or its queue is full: then the rest waits. */
static void out_send(struct ends *ends, struct end *e)
{
	while (e->out_sent < e->out_len) {
		const uint8_t *next = e->out + e->out_sent;
		size_t len = e->packet(next, e->out_len - e->out_sent);

		if (send(e->fd, next, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
			if (errno != EAGAIN || watch(ends, e, EPOLL_CTL_MOD, EPOLLOUT))
				end_close(e);
			return;
		}
		e->out_sent += len;
	}
	free(TAKE(e->out));
	if (e->feeds || watch(ends, e, EPOLL_CTL_MOD, EPOLLIN))
		end_close(e);
}

void ends_send(struct ends *ends, struct end *e, uint8_t *bytes, size_t len)
{
	free(e->out); /* of a tool that closed its end before it had all */
	e->out = bytes;
	e->out_len = len;
	e->out_sent = 0;
	out_send(ends, e);
}

struct end *ends_next(struct ends *ends, uint8_t packet[static REQUEST_BYTES], size_t *ret_len)
{
	struct epoll_event event;
	struct end *e;
	ssize_t len;

	if (epoll_wait(ends->events, &event, 1, 0) != 1)
		return NULL;
	e = &ends->slots[event.data.u32];
	if (e->out && !(event.events & (EPOLLHUP | EPOLLERR))) {
		out_send(ends, e);
		return NULL;
	}
	len = recv(e->fd, packet, REQUEST_BYTES, MSG_DONTWAIT);
	if (len <= 0 && (len == 0 || errno != EAGAIN)) {
		end_close(e); /* the tool closed its end */
		return NULL;
	}
	*ret_len = (size_t)len;
	return len > 0 ? e : NULL;
}
