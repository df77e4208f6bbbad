/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages over a SOCK_SEQPACKET pair, with descriptors. Input: our own processes. */
#include "transcall/trap/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union fd_space {
	char bytes[CMSG_SPACE(CONTROL_FDS * sizeof(int))];
	struct cmsghdr header;
};

struct control control_of(enum control_kind kind)
{
	struct control message = {.kind = kind};

	for (int i = 0; i < CONTROL_FDS; i++)
		message.fds[i] = -1;
	return message;
}

const struct err *control_pair(int ret[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot make a socket pair");
	return NULL;
}

/* Those that are there, without gaps; which they are the receiver learns from the message. */
static size_t fds_pack(const struct control *message, int ret[static CONTROL_FDS])
{
	size_t count = 0;

	for (int i = 0; i < CONTROL_FDS; i++)
		if (message->fds[i] >= 0)
			ret[count++] = message->fds[i];
	return count;
}

const struct err *control_send(int channel, const struct control *message)
{
	struct iovec body = {.iov_base = (void *)(uintptr_t)message, .iov_len = sizeof(*message)};
	struct msghdr header = {.msg_iov = &body, .msg_iovlen = 1};
	int fds[CONTROL_FDS];
	size_t fds_len = fds_pack(message, fds) * sizeof(int);
	union fd_space space = {0};

	if (fds_len > 0) {
		header.msg_control = space.bytes;
		header.msg_controllen = CMSG_SPACE(fds_len);
		space.header = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
						.cmsg_type = SCM_RIGHTS,
						.cmsg_len = CMSG_LEN(fds_len)};
		memcpy(CMSG_DATA(&space.header), fds, fds_len);
	}
	if (sendmsg(channel, &header, MSG_NOSIGNAL) != (ssize_t)sizeof(*message))
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot send a message about the tool");
	return NULL;
}

/* Our numbers of the descriptors in place of the sender's; too few of them: the rest is none. */
static void fds_unpack(struct control *message, const struct msghdr *header)
{
	const struct cmsghdr *rights = CMSG_FIRSTHDR(header);
	size_t count = rights ? (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0, next = 0;
	int fds[CONTROL_FDS];

	if (count > 0)
		memcpy(fds, CMSG_DATA(rights), count * sizeof(int));
	for (int i = 0; i < CONTROL_FDS; i++)
		if (message->fds[i] >= 0)
			message->fds[i] = next < count ? fds[next++] : -1;
	while (next < count)
		close(fds[next++]);
}

const struct err *control_receive(int channel, struct control *ret, bool *ret_open)
{
	struct iovec body = {.iov_base = ret, .iov_len = sizeof(*ret)};
	union fd_space space = {0};
	struct msghdr header = {.msg_iov = &body,
				.msg_iovlen = 1,
				.msg_control = space.bytes,
				.msg_controllen = sizeof(space.bytes)};
	ssize_t len;

	do /* what it sent before it ended without having read all is there still */
		len = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
	while (len < 0 && (errno == EINTR || errno == ECONNRESET));
	*ret_open = len > 0;
	if (len < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot hear from the tool's side");
	if (len <= 0)
		return NULL;
	if (len != (ssize_t)sizeof(*ret)) {
		*ret = control_of(0);
		fds_unpack(ret, &header);
		return ERR(ERR_SYSTEM, "a message from the tool's side is cut");
	}
	fds_unpack(ret, &header);
	return NULL;
}
