/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A BIO over a socket. Input: the network. */
#include "remotetrans/wire/socket.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>

static int fd_of(BIO *b)
{
	return (int)(intptr_t)BIO_get_data(b);
}

static int result_of(ssize_t n)
{
	return n < 0 ? -1 : (int)n;
}

static int take(BIO *b, char *ret, int size)
{
	ssize_t n = recv(fd_of(b), ret, (size_t)size, 0);

	BIO_clear_retry_flags(b);
	if (n == 0)
		BIO_set_flags(b, BIO_FLAGS_IN_EOF);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		BIO_set_retry_read(b);
	return result_of(n);
}

static int put(BIO *b, const char *bytes, int len)
{
	ssize_t n = send(fd_of(b), bytes, (size_t)len, MSG_NOSIGNAL);

	BIO_clear_retry_flags(b);
	if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
		return len;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		BIO_set_retry_write(b);
	return result_of(n);
}

static long control(BIO *b, int command, long number, void *pointer)
{
	(void)number;
	(void)pointer;
	if (command == BIO_CTRL_EOF)
		return BIO_test_flags(b, BIO_FLAGS_IN_EOF) != 0;
	return command == BIO_CTRL_FLUSH;
}

/* Made once and kept. */
static const BIO_METHOD *method(void)
{
	static BIO_METHOD *made;
	BIO_METHOD *m;

	if (made)
		return made;
	m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
	if (m && BIO_meth_set_read(m, take) == 1 && BIO_meth_set_write(m, put) == 1 &&
	    BIO_meth_set_ctrl(m, control) == 1)
		made = m;
	else
		BIO_meth_free(m);
	return made;
}

BIO *socket_bio(int fd)
{
	const BIO_METHOD *m = method();
	BIO *b = m ? BIO_new(m) : NULL;

	if (!b)
		return NULL;
	BIO_set_data(b, (void *)(intptr_t)fd);
	BIO_set_init(b, 1);
	return b;
}
