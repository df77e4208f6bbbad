/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU/KVM: vmmd's unix socket stands in for the hypercall (rtvmm.h). Input: vmmd, locally trusted.
 */
#include "remotetrans/server/vmm_request.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"

#define ANSWER_TIMEOUT_MS 10000
#define ANSWER_HEAD_BYTES 8                            /* int32 result, uint32 count */
#define CHUNK_BYTES       (64 * WIRE_RECORD_BYTES_MAX) /* received at once, at most */
#define DUE_MAX           4096                         /* answers that are waited for */

struct qemu {
	struct backend backend; /* first */
	int fd;
	uint64_t session;
	struct memory memory; /* all zero: no ram= */
	const char *socket;   /* of the configuration, for messages */
	/* what is to come: the records of each answer, in a ring; of the first, so many are left */
	uint32_t due[DUE_MAX];
	size_t due_first, due_count;
	uint32_t left;
	size_t filled;    /* bytes of it, not a record yet */
	size_t filled_at; /* where they lie: behind the last record of then */
};

static const char *config_value(const struct vm_config *vm)
{
	return vm->vmmd;
}

/* --- the socket --------------------------------------------------------------------------------
 */

static const struct err *connect_vmmd(const char *path, int *ret)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "socket");
	if (strlen(path) >= sizeof(address.sun_path))
		return ERR(ERR_USAGE, "vmmd=%s is too long for a socket's path", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		return ERR_ERRNO(ERR_PEER, errno, "cannot reach vmmd at %s: is it running?", path);
	*ret = fd_take(&fd);
	return NULL;
}

static const struct err *gone(const struct qemu *q)
{
	return ERR_ERRNO(ERR_PEER, errno, "vmmd at %s", q->socket);
}

/* For any of @events; those that are there. */
static const struct err *wait_for(const struct qemu *q, short events, short *ret)
{
	struct pollfd p = {.fd = q->fd, .events = events};

	if (poll(&p, 1, ANSWER_TIMEOUT_MS) == 0)
		return ERR(ERR_PEER, "vmmd at %s does not answer", q->socket);
	*ret = p.revents;
	return NULL;
}

/* At least 1, at most @size_bytes. */
static const struct err *receive_some(const struct qemu *q, uint8_t *ret, size_t size_bytes,
				      size_t *ret_len)
{
	short events;
	ssize_t n;

	TRY(wait_for(q, POLLIN, &events));
	do
		n = recv(q->fd, ret, size_bytes, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return gone(q);
	if (n == 0)
		return ERR(ERR_PEER, "vmmd at %s has closed the connection", q->socket);
	*ret_len = (size_t)n;
	return NULL;
}

/* --- answers -----------------------------------------------------------------------------------
 */

/* The head of the answer that is due. A refusal is remembered: what follows it must come, too. */
static const struct err *take_head(struct qemu *q, const uint8_t *head)
{
	struct buf_reader r = buf_reader_over(head, ANSWER_HEAD_BYTES);
	uint32_t result, count, expected = q->due[q->due_first];

	TRY(buf_read_u32(&r, &result));
	TRY(buf_read_u32(&r, &count));
	q->due_first = (q->due_first + 1) % DUE_MAX;
	q->due_count--;
	if (result && !q->backend.status)
		q->backend.status = (int)-result;
	if (count != (result ? 0 : expected))
		return ERR(ERR_PROTO, "vmmd answers with %u records, not %u", count, expected);
	q->left = count;
	return NULL;
}

/* Out of the bytes at @at, where records_reserve() said: what is complete. */
static const struct err *take_answers(struct qemu *q, uint8_t *at, struct records *ret)
{
	for (;;) {
		TRY(records_take(ret, &at, &q->filled, &q->left));
		if (q->left || q->filled < ANSWER_HEAD_BYTES || !q->due_count)
			break;
		TRY(take_head(q, at));
		q->filled -= ANSWER_HEAD_BYTES;
		memmove(at, at + ANSWER_HEAD_BYTES, q->filled);
	}
	if (q->filled && !q->left && !q->due_count)
		return ERR(ERR_PROTO, "vmmd sends more than was asked for");
	return NULL;
}

static const struct err *receive_chunk(struct qemu *q, struct records *ret)
{
	uint8_t *at;
	size_t n;

	TRY(records_reserve(ret, CHUNK_BYTES, &at));
	if (q->filled >= WIRE_RECORD_BYTES_MAX)
		return ERR(ERR_PROTO, "vmmd's records are too long");
	memmove(at, ret->bytes + q->filled_at, q->filled);
	TRY(receive_some(q, at + q->filled, CHUNK_BYTES - q->filled, &n));
	q->filled += n;
	TRY(take_answers(q, at, ret));
	q->filled_at = ret->used_bytes;
	return NULL;
}

/* What fails here is not the VMM's refusal, which leaves all in step: nothing works any more. */
static const struct err *receive(struct qemu *q, struct records *ret)
{
	const struct err *e = receive_chunk(q, ret);

	if (e)
		q->backend.status = RTVMM_EIO;
	return e;
}

static const struct err *settle(struct qemu *q, struct records *ret)
{
	while (q->due_count || q->left)
		TRY(receive(q, ret));
	if (q->backend.status)
		return ERR(ERR_PEER, "the VMM refuses (error %d)", q->backend.status);
	return NULL;
}

/* --- requests ----------------------------------------------------------------------------------
 */

/* Answers are taken only when vmmd takes nothing: it then waits for us, too. */
static const struct err *send_all(struct qemu *q, const uint8_t *bytes, size_t len_bytes,
				  struct records *records)
{
	short events;

	while (len_bytes) {
		ssize_t n = send(q->fd, bytes, len_bytes, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN) {
			TRY(wait_for(q, POLLIN | POLLOUT, &events));
			if (!(events & POLLOUT))
				TRY(receive(q, records));
			continue;
		}
		if (n < 0 && errno != EINTR)
			return gone(q);
		n = n < 0 ? 0 : n;
		bytes += n;
		len_bytes -= (size_t)n;
	}
	return NULL;
}

static const struct err *post(struct backend *b, const struct backend_request *request,
			      struct records *ret)
{
	struct qemu *q = (struct qemu *)b;
	uint8_t bytes[VMM_REQUEST_BYTES_MAX];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));

	if (!q->due_count && !q->left)
		q->backend.status = 0;
	if (q->due_count == DUE_MAX)
		TRY(settle(q, ret));
	TRY(vmm_request_encode(request, q->session, &w));
	q->due[(q->due_first + q->due_count++) % DUE_MAX] = vmm_request_records(request);
	const struct err *e = send_all(q, bytes, w.used_bytes, ret);
	if (e)
		q->backend.status = RTVMM_EIO; /* as in receive() */
	return e;
}

static const struct err *ask(struct backend *b, const struct backend_request *request,
			     struct records *ret)
{
	TRY(post(b, request, ret));
	return settle((struct qemu *)b, ret);
}

/* A refusal is told when all has come. */
static const struct err *receive_more(struct backend *b, struct records *ret, bool *ret_more)
{
	struct qemu *q = (struct qemu *)b;

	if (q->due_count || q->left)
		TRY(receive(q, ret));
	if (q->backend.status)
		return settle(q, ret);
	*ret_more = q->due_count || q->left;
	return NULL;
}

/* --- opening -----------------------------------------------------------------------------------
 */

static const struct err *receive_all(const struct qemu *q, uint8_t *ret, size_t len_bytes)
{
	while (len_bytes) {
		size_t n;

		TRY(receive_some(q, ret, len_bytes, &n));
		ret += n;
		len_bytes -= n;
	}
	return NULL;
}

static const struct err *open_session(struct qemu *q, const uint8_t *request, uint8_t *reply)
{
	uint8_t bytes[sizeof(struct rtvmm_request) + WIRE_OPEN_REQUEST_BYTES];
	uint8_t head[ANSWER_HEAD_BYTES];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));

	TRY(vmm_request_encode_open(request, &w));
	TRY(send_all(q, bytes, w.used_bytes, NULL)); /* short: vmmd takes it at once */
	q->due_count = q->due[0] = 1;
	TRY(receive_all(q, head, sizeof(head)));
	TRY(take_head(q, head));
	q->left = 0;
	if (q->backend.status)
		return ERR(ERR_PEER, "the VMM refuses (error %d)", q->backend.status);
	TRY(receive_all(q, reply, WIRE_OPEN_REPLY_BYTES));
	q->session = vmm_request_session(reply);
	return NULL;
}

static void qemu_close(struct backend *b)
{
	struct qemu *q = (struct qemu *)b;

	if (q->fd >= 0)
		close(q->fd); /* vmmd ends session and pause */
	memory_deinit(&q->memory);
	free(q);
}

static const struct err *qemu_open(const struct vm_config *vm, const uint8_t *request,
				   uint8_t *reply, struct backend **ret)
{
	struct qemu *q = calloc(1, sizeof(*q));

	if (!q)
		return ERR_ERRNO(ERR_SYSTEM, errno, "backend");
	*q = (struct qemu){.backend.ops = &backend_qemu, .fd = -1, .socket = vm->vmmd};
	const struct err *e = connect_vmmd(vm->vmmd, &q->fd);
	if (!e)
		e = open_session(q, request, reply);
	if (!e && vm->ram[0])
		e = memory_open_raw(&q->memory, vm->ram, vm->machine);
	if (e) {
		qemu_close(&q->backend);
		return e;
	}
	*ret = &q->backend;
	return NULL;
}

static const struct memory *qemu_memory(struct backend *b)
{
	struct qemu *q = (struct qemu *)b;

	return q->memory.bytes ? &q->memory : NULL;
}

const struct backend_ops backend_qemu = {
	.name = "qemu",
	.is_tagged = true,
	.config_key = "vmmd",
	.config_value = config_value,
	.open = qemu_open,
	.ask = ask,
	.post = post,
	.receive = receive_more,
	.memory = qemu_memory,
	.close = qemu_close,
};
