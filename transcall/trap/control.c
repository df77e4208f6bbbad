/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages over a SOCK_SEQPACKET pair, with descriptors. Input: our own processes. */
#include "transcall/trap/control.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

union fd_space {
	char bytes[CMSG_SPACE(2 * sizeof(int))];
	struct cmsghdr header;
};

const struct err *control_pair(int ret[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot make a socket pair");
	return NULL;
}

static size_t fd_count(const struct control *message)
{
	return (size_t)(message->fds[0] >= 0) + (size_t)(message->fds[1] >= 0);
}

const struct err *control_send(int channel, const struct control *message)
{
	struct iovec body = {.iov_base = (void *)(uintptr_t)message, .iov_len = sizeof(*message)};
	struct msghdr header = {.msg_iov = &body, .msg_iovlen = 1};
	size_t fds_len = fd_count(message) * sizeof(int);
	union fd_space space = {0};

	if (fds_len > 0) {
		header.msg_control = space.bytes;
		header.msg_controllen = CMSG_SPACE(fds_len);
		space.header = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
						.cmsg_type = SCM_RIGHTS,
						.cmsg_len = CMSG_LEN(fds_len)};
		memcpy(CMSG_DATA(&space.header), message->fds, fds_len);
	}
	if (sendmsg(channel, &header, MSG_NOSIGNAL) != (ssize_t)sizeof(*message))
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot tell the supervisor");
	return NULL;
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

	do
		len = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
	while (len < 0 && errno == EINTR);
	*ret_open = len > 0;
	if (len < 0 && errno != ECONNRESET)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot hear from the tool's side");
	if (len <= 0)
		return NULL;
	ret->fds[0] = ret->fds[1] = -1;
	if (len != (ssize_t)sizeof(*ret))
		return ERR(ERR_SYSTEM, "a message from the tool's side is cut");
	if (CMSG_FIRSTHDR(&header))
		memcpy(ret->fds, CMSG_DATA(CMSG_FIRSTHDR(&header)),
		       CMSG_FIRSTHDR(&header)->cmsg_len - CMSG_LEN(0));
	return NULL;
}
