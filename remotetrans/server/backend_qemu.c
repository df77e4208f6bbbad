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
#define ANSWER_HEAD_BYTES 8 /* int32 result, uint32 count */

struct qemu {
	struct backend backend; /* first */
	int fd;
	uint64_t session;
	struct memory memory; /* all zero: no ram= */
	const char *socket;   /* of the configuration, for messages */
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

static const struct err *send_all(const struct qemu *q, const uint8_t *bytes, size_t len_bytes)
{
	while (len_bytes) {
		ssize_t n = send(q->fd, bytes, len_bytes, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR_ERRNO(ERR_PEER, errno, "vmmd at %s", q->socket);
		bytes += n;
		len_bytes -= (size_t)n;
	}
	return NULL;
}

/* At least 1, at most @size_bytes. */
static const struct err *receive_some(const struct qemu *q, uint8_t *ret, size_t size_bytes,
				      size_t *ret_len)
{
	struct pollfd p = {.fd = q->fd, .events = POLLIN};
	ssize_t n;

	if (poll(&p, 1, ANSWER_TIMEOUT_MS) == 0)
		return ERR(ERR_PEER, "vmmd at %s does not answer", q->socket);
	do
		n = recv(q->fd, ret, size_bytes, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return ERR_ERRNO(ERR_PEER, errno, "vmmd at %s", q->socket);
	if (n == 0)
		return ERR(ERR_PEER, "vmmd at %s has closed the connection", q->socket);
	*ret_len = (size_t)n;
	return NULL;
}

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

/* --- requests ----------------------------------------------------------------------------------
 */

static const struct err *receive_head(struct qemu *q, uint32_t *ret_count)
{
	uint8_t head[ANSWER_HEAD_BYTES] = {0};
	struct buf_reader r = buf_reader_over(head, sizeof(head));
	uint32_t result;

	TRY(receive_all(q, head, sizeof(head)));
	TRY(buf_read_u32(&r, &result));
	TRY(buf_read_u32(&r, ret_count));
	q->backend.status = (int)-result;
	if (result)
		return ERR(ERR_PEER, "the VMM refuses (error %d)", q->backend.status);
	return NULL;
}

/* Nothing may follow the last record: requests go out one at a time. */
static const struct err *receive_records(struct qemu *q, uint32_t count, struct records *ret)
{
	size_t size = (size_t)count * WIRE_RECORD_BYTES_MAX, filled = 0;
	uint8_t *at;

	if (count > RTVMM_READ_FRAMES_MAX)
		return ERR(ERR_PROTO, "vmmd announces %u records", count);
	TRY(records_reserve(ret, size, &at));
	uint8_t *end = at + size;
	while (count) {
		size_t n;

		if (at + filled == end)
			return ERR(ERR_PROTO, "vmmd's records are too long");
		TRY(receive_some(q, at + filled, (size_t)(end - at) - filled, &n));
		filled += n;
		TRY(records_take(ret, &at, &filled, &count));
	}
	return filled ? ERR(ERR_PROTO, "vmmd sends more than was asked for") : NULL;
}

static const struct err *ask(struct backend *b, const struct backend_request *request,
			     struct records *ret)
{
	struct qemu *q = (struct qemu *)b;
	uint8_t bytes[VMM_REQUEST_BYTES_MAX];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));
	uint32_t expected = vmm_request_records(request), count;

	q->backend.status = 0;
	TRY(vmm_request_encode(request, q->session, &w));
	TRY(send_all(q, bytes, w.used_bytes));
	TRY(receive_head(q, &count));
	if (count != expected)
		return ERR(ERR_PROTO, "vmmd answers with %u records, not %u", count, expected);
	return receive_records(q, count, ret);
}

/* --- opening -----------------------------------------------------------------------------------
 */

static const struct err *open_session(struct qemu *q, const uint8_t *request, uint8_t *reply)
{
	uint8_t bytes[sizeof(struct rtvmm_request) + WIRE_OPEN_REQUEST_BYTES];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));
	uint32_t count;

	TRY(vmm_request_encode_open(request, &w));
	TRY(send_all(q, bytes, w.used_bytes));
	TRY(receive_head(q, &count));
	if (count != 1)
		return ERR(ERR_PROTO, "vmmd answers with %u sessions", count);
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
	.memory = qemu_memory,
	.close = qemu_close,
};
