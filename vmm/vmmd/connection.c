/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One caller's connection. Input: attacker-controlled bytes; sizes are checked before use. */
#include "vmm/vmmd/connection.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_HEAD_BYTES (sizeof(int32_t) + sizeof(uint32_t))

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

/* The next page is copied to where its record will be put. */
static void place_page(struct connection *c)
{
	c->call->page = c->out + c->out_bytes + sizeof(struct rtvmm_record);
}

static int put_output(struct call_io *io, const void *from, uint32_t len_bytes)
{
	struct connection *c = of_io(io);

	if (c->out_room - c->out_bytes < len_bytes)
		return -RTVMM_EFAULT;
	if (from != c->out + c->out_bytes)
		memcpy(c->out + c->out_bytes, from, len_bytes);
	c->out_bytes += len_bytes;
	place_page(c);
	return 0;
}

void connection_open(struct connection *c, int fd, struct caller *caller, uint64_t now_ns)
{
	*c = (struct connection){.fd = fd, .caller = caller, .moved_ns = now_ns};
	c->io = (struct call_io){.get = take_input, .put = put_output};
}

static void release_output(struct connection *c)
{
	if (c->store)
		store_take_back(c->store, c->out_bytes, c->moved_ns);
	else
		free(c->out);
	c->out = NULL;
	c->store = NULL;
	c->out_room = c->out_bytes = c->tagged_bytes = c->sent_bytes = 0;
	c->untagged = 0;
}

void connection_lend(struct connection *c, struct store *store)
{
	store_lend(store);
	c->store = store;
	c->out = store->bytes;
	c->out_room = STORE_BYTES;
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
	if (c->closing)
		return false;
	return !c->out_bytes || (c->store && c->out_room - c->out_bytes >= CONNECTION_ANSWER_BYTES);
}

bool connection_has_output(const struct connection *c)
{
	return c->sent_bytes < c->tagged_bytes;
}

bool connection_has_untagged(const struct connection *c)
{
	return c->tagged_bytes < c->out_bytes;
}

/* An answer's head, or a record. */
static bool tag_next(struct connection *c)
{
	uint32_t record_bytes = ANSWER_HEAD_BYTES;

	if (!c->untagged)
		memcpy(&c->untagged, c->out + c->tagged_bytes + sizeof(int32_t),
		       sizeof(c->untagged));
	else if (request_tag(c->caller, c->out + c->tagged_bytes, &record_bytes))
		return false;
	else
		c->untagged--;
	c->tagged_bytes += record_bytes;
	return true;
}

bool connection_tag(struct connection *c, unsigned count)
{
	for (; count && connection_has_untagged(c); count--)
		if (!tag_next(c))
			return false;
	return true;
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
	ssize_t n = send(c->fd, c->out + c->sent_bytes, c->tagged_bytes - c->sent_bytes,
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

	return connection_wants_input(c) && peek_request(c, &r, &trailing) &&
	       (trailing < 0 || c->in_bytes >= sizeof(r) + (size_t)trailing);
}

bool connection_asks_for(const struct connection *c, enum rtvmm_op op)
{
	struct rtvmm_request r;
	int trailing;

	return peek_request(c, &r, &trailing) && trailing >= 0 && r.op == op;
}

static void put_head(struct connection *c, int status, uint32_t records)
{
	int32_t result = status;

	memcpy(c->out + c->answer_at, &result, sizeof(result));
	memcpy(c->out + c->answer_at + sizeof(result), &records, sizeof(records));
}

void connection_refuse(struct connection *c, int status)
{
	c->out_bytes = c->answer_at + ANSWER_HEAD_BYTES;
	if (c->tagged_bytes > c->answer_at)
		c->tagged_bytes = c->out_bytes;
	put_head(c, status, 0);
}

/* Begin an answer behind those that are held. */
static bool begin_answer(struct connection *c)
{
	if (!c->out) {
		c->out = malloc(CONNECTION_ANSWER_BYTES);
		c->out_room = CONNECTION_ANSWER_BYTES;
	}
	if (!c->out)
		return false;
	c->answer_at = c->out_bytes;
	c->out_bytes += ANSWER_HEAD_BYTES;
	return true;
}

/* What opens or closes a session needs the tags of others made before, and has no records. */
static bool is_of_sessions(const struct rtvmm_request *r)
{
	return r->op == RTVMM_OP_OPEN || r->op == RTVMM_OP_CLOSE;
}

/* Carry out @r, whose head is well-formed. False: a tag that is due cannot be made. */
static bool carry_out(struct connection *c, struct call *call, const struct rtvmm_request *r)
{
	uint32_t records = 0;
	int status;

	if (is_of_sessions(r) && !connection_tag(c, UINT_MAX))
		return false;
	if (!begin_answer(c))
		return false;
	call->caller = c->caller;
	call->io = &c->io;
	call->tags_later = true;
	c->call = call;
	c->taken_bytes = sizeof(*r);
	place_page(c);
	status = request_handle(call, r, &records);
	put_head(c, status, records);
	if (status)
		connection_refuse(c, status);
	if (is_of_sessions(r))
		c->tagged_bytes = c->out_bytes;
	return true;
}

bool connection_answer(struct connection *c, struct call *call)
{
	struct rtvmm_request r;
	int trailing = -RTVMM_EINVAL;

	if (!peek_request(c, &r, &trailing) || trailing < 0) {
		if (!begin_answer(c))
			return false;
		connection_refuse(c, trailing);
		c->closing = true; /* where the next request begins is unknown */
		c->in_bytes = 0;
		return true;
	}
	if (!carry_out(c, call, &r))
		return false;
	c->in_bytes -= sizeof(r) + (size_t)trailing;
	memmove(c->in, c->in + sizeof(r) + (size_t)trailing, c->in_bytes);
	return true;
}
