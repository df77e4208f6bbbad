/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream - a TLS connection whose every read and write ends at a deadline.
 *
 * Deadlines are absolute, on this machine's CLOCK_MONOTONIC in nanoseconds (stream_now_ns()).
 */
#ifndef RT_WIRE_STREAM_H
#define RT_WIRE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "remotetrans/base/err.h"

struct stream {
	SSL *ssl;    /* owned */
	int fd;      /* owned, non-blocking */
	uint8_t *in; /* body of the message last received; owned */
	size_t in_size;
	uint8_t *out; /* message being sent; owned */
	size_t out_size;
	uint64_t bytes_received, bytes_sent;
	uint64_t blocked_ns; /* waited to send; and in the handshake, about a round trip */
};

uint64_t stream_now_ns(void);
uint64_t stream_after_ms(uint64_t timeout_ms);

/**
 * stream_open() - TLS handshake over a connected socket
 * @ctx:       borrowed for the call
 * @fd:        taken, also on error
 * @is_server: which side of the handshake
 * @host:      client: name that the certificate must carry; server: NULL
 *
 * Return: NULL; PEER with the reason.
 */
MUST_CHECK const struct err *stream_open(struct stream *s, SSL_CTX *ctx, int fd, bool is_server,
					 const char *host, uint64_t deadline_ns);
void stream_deinit(struct stream *s);

/* Exactly @len_bytes. PEER: lost, closed early, or too late. */
MUST_CHECK const struct err *stream_read(struct stream *s, void *ret, size_t len_bytes,
					 uint64_t deadline_ns);
MUST_CHECK const struct err *stream_write(struct stream *s, const void *bytes, size_t len_bytes,
					  uint64_t deadline_ns);

/* Whether the socket takes some bytes without waiting. */
bool stream_takes_more(const struct stream *s);

/* Wait until something can be read. @ret_closed: the peer closed in good order. */
MUST_CHECK const struct err *stream_wait(struct stream *s, uint64_t deadline_ns, bool *ret_closed);

/* At least @size_bytes in *buffer, contents lost. SYSTEM: no memory. */
MUST_CHECK const struct err *stream_reserve(uint8_t **buffer, size_t *size, size_t size_bytes);

#endif
