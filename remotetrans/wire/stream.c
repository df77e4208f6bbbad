/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded reads and writes over TLS. Input: attacker-controlled. */
#include "remotetrans/wire/stream.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "remotetrans/wire/socket.h"
#include "remotetrans/wire/tls.h"

#define NS_PER_MS UINT64_C(1000000)

uint64_t stream_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t stream_after_ms(uint64_t timeout_ms)
{
	return stream_now_ns() + timeout_ms * NS_PER_MS;
}

static const struct err *poll_until(int fd, short events, uint64_t deadline_ns)
{
	for (;;) {
		struct pollfd p = {.fd = fd, .events = events};
		uint64_t now = stream_now_ns();

		if (now >= deadline_ns)
			return ERR(ERR_PEER, "no answer in time");
		uint64_t wait_ms = (deadline_ns - now + NS_PER_MS - 1) / NS_PER_MS;
		int n = poll(&p, 1, wait_ms < INT_MAX ? (int)wait_ms : INT_MAX);
		if (n > 0)
			return NULL;
		if (n < 0 && errno != EINTR)
			return ERR_ERRNO(ERR_SYSTEM, errno, "poll");
	}
}

/* The peer's alert, or our own verdict on its certificate. */
static const struct err *tls_failed(struct stream *s, int ssl_error)
{
	long verdict = SSL_get_verify_result(s->ssl);

	if (ssl_error == SSL_ERROR_SYSCALL && errno)
		return ERR_ERRNO(ERR_PEER, errno, "connection lost");
	if (ssl_error == SSL_ERROR_ZERO_RETURN || !ERR_peek_error())
		return ERR(ERR_PEER, "the other side closed the connection");
	if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		ERR_clear_error();
		return ERR(ERR_PEER, "the other side broke off the connection");
	}
	if (verdict != X509_V_OK && !SSL_is_init_finished(s->ssl)) {
		ERR_clear_error();
		return ERR(ERR_PEER, "the other side's certificate was refused: %s",
			   X509_verify_cert_error_string(verdict));
	}
	return ERR(ERR_PEER, "TLS: %s", tls_reason());
}

/* After an SSL call that did not succeed: wait for what it wants. */
static const struct err *retry(struct stream *s, int result, uint64_t deadline_ns)
{
	int error = SSL_get_error(s->ssl, result);

	if (error == SSL_ERROR_WANT_READ)
		return poll_until(s->fd, POLLIN, deadline_ns);
	if (error == SSL_ERROR_WANT_WRITE)
		return poll_until(s->fd, POLLOUT, deadline_ns);
	return tls_failed(s, error);
}

/* The same, and count how long. */
static const struct err *retry_counted(struct stream *s, int result, uint64_t deadline_ns)
{
	uint64_t started_ns = stream_now_ns();

	TRY(retry(s, result, deadline_ns));
	s->blocked_ns += stream_now_ns() - started_ns;
	return NULL;
}

static const struct err *expect_host(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);

	if (X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1)
		return NULL;
	ERR_clear_error();
	if (SSL_set1_host(ssl, host) != 1 || SSL_set_tlsext_host_name(ssl, host) != 1)
		return ERR(ERR_USAGE, "unusable server name '%s': %s", host, tls_reason());
	return NULL;
}

static const struct err *handshake(struct stream *s, bool is_server, uint64_t deadline_ns)
{
	for (;;) {
		errno = 0;
		int result = is_server ? SSL_accept(s->ssl) : SSL_connect(s->ssl);
		if (result == 1)
			return NULL;
		TRY(retry_counted(s, result, deadline_ns));
	}
}

const struct err *stream_open(struct stream *s, SSL_CTX *ctx, int fd, bool is_server,
			      const char *host, uint64_t deadline_ns)
{
	const struct err *e = NULL;

	*s = (struct stream){.ssl = SSL_new(ctx), .fd = fd};
	BIO *bio = s->ssl ? socket_bio(fd) : NULL;
	if (bio)
		SSL_set_bio(s->ssl, bio, bio);
	else
		e = ERR(ERR_SYSTEM, "OpenSSL: %s", tls_reason());
	if (!e && host)
		e = expect_host(s->ssl, host);
	if (!e)
		e = handshake(s, is_server, deadline_ns);
	if (e)
		stream_deinit(s);
	return e;
}

void stream_deinit(struct stream *s)
{
	if (s->ssl) {
		ERR_clear_error();
		if (SSL_is_init_finished(s->ssl))
			SSL_shutdown(s->ssl); /* one way: tell, do not wait */
		ERR_clear_error();
		SSL_free(s->ssl);
	}
	if (s->fd >= 0)
		close(s->fd);
	free(s->in);
	free(s->out);
	*s = (struct stream){.fd = -1};
}

const struct err *stream_read(struct stream *s, void *ret, size_t len_bytes, uint64_t deadline_ns)
{
	uint8_t *at = ret;

	while (len_bytes) {
		size_t done = 0;

		errno = 0;
		int result = SSL_read_ex(s->ssl, at, len_bytes, &done);
		if (result != 1) {
			TRY(retry(s, result, deadline_ns));
			continue;
		}
		at += done;
		len_bytes -= done;
		s->bytes_received += done;
		if (stream_now_ns() >= deadline_ns)
			return ERR(ERR_PEER, "the answer did not come in time");
	}
	return NULL;
}

const struct err *stream_write(struct stream *s, const void *bytes, size_t len_bytes,
			       uint64_t deadline_ns)
{
	const uint8_t *at = bytes;

	while (len_bytes) {
		size_t done = 0;

		errno = 0;
		int result = SSL_write_ex(s->ssl, at, len_bytes, &done);
		if (result != 1) {
			TRY(retry_counted(s, result, deadline_ns));
			continue;
		}
		at += done;
		len_bytes -= done;
		s->bytes_sent += done;
		if (stream_now_ns() >= deadline_ns)
			return ERR(ERR_PEER, "the other side takes too long to read");
	}
	return NULL;
}

bool stream_takes_more(const struct stream *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLOUT};

	return poll(&p, 1, 0) == 1 && p.revents & POLLOUT;
}

const struct err *stream_wait(struct stream *s, uint64_t deadline_ns, bool *ret_closed)
{
	uint8_t byte;
	size_t done = 0;

	for (;;) {
		errno = 0;
		int result = SSL_peek_ex(s->ssl, &byte, 1, &done);
		*ret_closed = false;
		if (result == 1)
			return NULL;
		if (SSL_get_error(s->ssl, result) == SSL_ERROR_ZERO_RETURN) {
			*ret_closed = true;
			return NULL;
		}
		TRY(retry(s, result, deadline_ns));
	}
}

const struct err *stream_reserve(uint8_t **buffer, size_t *size, size_t size_bytes)
{
	if (*size >= size_bytes)
		return NULL;
	free(*buffer);
	*size = 0;
	*buffer = malloc(size_bytes);
	if (!*buffer)
		return ERR_ERRNO(ERR_SYSTEM, errno, "buffer of %zu bytes", size_bytes);
	*size = size_bytes;
	return NULL;
}
