/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One caller's connection. Input: attacker-controlled bytes; sizes are checked before use. */
#include "vmm/vmmd/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_HEAD_BYTES (sizeof(int32_t) + sizeof(uint32_t))
#define ANSWER_BYTES_MAX                                                                           \
	(ANSWER_HEAD_BYTES +                                                                       \
	 RTVMM_READ_FRAMES_MAX * (sizeof(struct rtvmm_record) + RTVMM_FRAME_BYTES))

static struct connection *of_io(struct call_io *io)
{
	return (struct connection *)((char *)io - offsetof(struct connection, io));
}

static int take_input(struct call_io *io, void *ret, uint32_t len_bytes)
{
	struct connection *c = of_io(io);

	if (c->in_bytes - c->taken_bytes < len_bytes)
		return -RTVMM_EFAULT;
	memcpy(ret, c->in + c->taken_bytes, len_bytes);
	c->taken_bytes += len_bytes;
	return 0;
}

static int put_output(struct call_io *io, const void *from, uint32_t len_bytes)
{
	struct connection *c = of_io(io);

	if (c->out_room - c->out_bytes < len_bytes)
		return -RTVMM_EFAULT;
	memcpy(c->out + c->out_bytes, from, len_bytes);
	c->out_bytes += len_bytes;
	return 0;
}

void connection_open(struct connection *c, int fd, struct caller *caller, uint64_t now_ns)
{
	*c = (struct connection){.fd = fd, .caller = caller, .moved_ns = now_ns};
	c->io = (struct call_io){.get = take_input, .put = put_output};
}

static void release_output(struct connection *c)
{
	free(c->out);
	c->out = NULL;
	c->out_room = c->out_bytes = c->sent_bytes = 0;
}

void connection_close(struct connection *c)
{
	if (c->fd >= 0)
		close(c->fd);
	release_output(c);
	*c = (struct connection){.fd = -1};
}

bool connection_wants_input(const struct connection *c)
{
	return c->out_bytes == 0;
}

bool connection_is_stalled(const struct connection *c, uint64_t now_ns)
{
	return (c->in_bytes || c->out_bytes) && now_ns - c->moved_ns > CONNECTION_STALL_NS;
}

bool connection_receive(struct connection *c, uint64_t now_ns)
{
	ssize_t n = recv(c->fd, c->in + c->in_bytes, sizeof(c->in) - c->in_bytes, MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->in_bytes += (size_t)n;
	c->moved_ns = now_ns;
	return n > 0;
}

bool connection_send(struct connection *c, uint64_t now_ns)
{
	ssize_t n = send(c->fd, c->out + c->sent_bytes, c->out_bytes - c->sent_bytes,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->sent_bytes += (size_t)n;
	c->moved_ns = now_ns;
	if (c->sent_bytes < c->out_bytes)
		return true;
	release_output(c);
	return !c->closing;
}

static bool peek_request(const struct connection *c, struct rtvmm_request *ret, int *ret_trailing)
{
	if (c->in_bytes < sizeof(*ret))
		return false;
	memcpy(ret, c->in, sizeof(*ret));
	*ret_trailing = request_trailing_bytes(ret);
	return true;
}

bool connection_has_request(const struct connection *c)
{
	struct rtvmm_request r;
	int trailing;

	return c->out_bytes == 0 && !c->closing && peek_request(c, &r, &trailing) &&
	       (trailing < 0 || c->in_bytes >= sizeof(r) + (size_t)trailing);
}

static void put_head(struct connection *c, int status, uint32_t records)
{
	int32_t result = status;

	memcpy(c->out, &result, sizeof(result));
	memcpy(c->out + sizeof(result), &records, sizeof(records));
}

void connection_refuse(struct connection *c, int status)
{
	c->out_bytes = ANSWER_HEAD_BYTES;
	put_head(c, status, 0);
}

bool connection_answer(struct connection *c, struct call *call)
{
	struct rtvmm_request r;
	uint32_t records = 0;
	int trailing = -RTVMM_EINVAL;
	int status;

	c->out = malloc(ANSWER_BYTES_MAX);
	if (!c->out)
		return false;
	c->out_room = ANSWER_BYTES_MAX;
	call->caller = c->caller;
	call->io = &c->io;
	c->out_bytes = ANSWER_HEAD_BYTES;
	c->taken_bytes = sizeof(r);
	status = peek_request(c, &r, &trailing) && trailing >= 0
			 ? request_handle(call, &r, &records)
			 : trailing;
	if (status)
		connection_refuse(c, status);
	else
		put_head(c, status, records);
	if (trailing < 0) {
		c->closing = true; /* where the next request begins is unknown */
		c->in_bytes = 0;
		return true;
	}
	c->in_bytes -= sizeof(r) + (size_t)trailing;
	memmove(c->in, c->in + sizeof(r) + (size_t)trailing, c->in_bytes);
	return true;
}
