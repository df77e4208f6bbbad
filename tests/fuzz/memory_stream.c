/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stream.h over memory: no TLS, no socket, no real time. */
#include <time.h>

#include "tests/fuzz/messages.h"

#define WRITTEN_MAX (8u << 20)

static struct buf_reader in;
static uint8_t written[WRITTEN_MAX];
static size_t written_bytes;
static uint64_t clock_ns;

void memory_stream_begin(const uint8_t *bytes, size_t len_bytes)
{
	in = buf_reader_over(bytes, len_bytes);
	written_bytes = 0;
	clock_ns = 1000000000;
}

const uint8_t *memory_stream_written(size_t *ret_len_bytes)
{
	*ret_len_bytes = written_bytes;
	return written;
}

void memory_stream_clock_add(uint64_t ns)
{
	clock_ns += ns;
}

uint64_t stream_now_ns(void)
{
	return clock_ns;
}

uint64_t stream_after_ms(uint64_t timeout_ms)
{
	return clock_ns + timeout_ms * 1000000;
}

const struct err *stream_open(struct stream *s, SSL_CTX *ctx, int fd, bool is_server,
			      const char *host, uint64_t deadline_ns)
{
	(void)ctx, (void)fd, (void)is_server, (void)host, (void)deadline_ns;
	*s = (struct stream){.fd = -1};
	return NULL;
}

void stream_deinit(struct stream *s)
{
	free(s->in);
	free(s->out);
	*s = (struct stream){.fd = -1};
}

const struct err *stream_read(struct stream *s, void *ret, size_t len_bytes, uint64_t deadline_ns)
{
	(void)deadline_ns;
	const struct err *e = buf_read_bytes(&in, ret, len_bytes);
	s->bytes_received += len_bytes;
	return e ? ERR(ERR_PEER, "the other side closed the connection") : NULL;
}

const struct err *stream_write(struct stream *s, const void *bytes, size_t len_bytes,
			       uint64_t deadline_ns)
{
	(void)deadline_ns;
	if (len_bytes > WRITTEN_MAX - written_bytes)
		return ERR(ERR_PEER, "the other side takes too long to read");
	memcpy(written + written_bytes, bytes, len_bytes);
	written_bytes += len_bytes;
	s->bytes_sent += len_bytes;
	return NULL;
}

bool stream_takes_more(const struct stream *s)
{
	(void)s;
	return written_bytes < WRITTEN_MAX;
}

const struct err *stream_wait(struct stream *s, uint64_t deadline_ns, bool *ret_closed)
{
	(void)s, (void)deadline_ns;
	*ret_closed = !buf_reader_left(&in);
	return NULL;
}

const struct err *stream_reserve(uint8_t **buffer, size_t *size, size_t size_bytes)
{
	if (*size >= size_bytes)
		return NULL;
	free(*buffer);
	*buffer = malloc(size_bytes);
	*size = *buffer ? size_bytes : 0;
	return *buffer ? NULL : ERR(ERR_SYSTEM, "buffer of %zu bytes", size_bytes);
}
