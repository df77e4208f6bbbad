/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tls-probe - a TLS client that believes and checks nothing, to see what a server says to it.
 *
 *   tls-probe PORT SECONDS [CERTIFICATE KEY] <BYTES-TO-SEND >BYTES-RECEIVED
 *
 * Sends all of standard input, then takes what the server says until it ends the connection.
 * Standard error: one line, how it ended ("closed", "cut off", "alert ...", "still open after N
 * s").
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

static int end(const char *how)
{
	fflush(stdout);
	fprintf(stderr, "%s\n", how);
	return 0;
}

static int fail(const char *what)
{
	fprintf(stderr, "tls-probe: %s\n", what);
	return 1;
}

static int connect_port(const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)atoi(port)),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? fd : -1;
}

/* How it ended, by what OpenSSL makes of it. */
static int ended(SSL *ssl, int result)
{
	char text[200] = "alert ";
	unsigned long code;

	if (SSL_get_error(ssl, result) == SSL_ERROR_ZERO_RETURN)
		return end("closed");
	code = ERR_peek_error();
	if (!code || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return end("cut off");
	ERR_error_string_n(code, text + 6, sizeof(text) - 6);
	return end(text);
}

static int take_all(SSL *ssl, time_t until)
{
	char bytes[4096];

	for (;;) {
		struct pollfd p = {.fd = SSL_get_fd(ssl), .events = POLLIN};
		time_t now = time(NULL);

		if (!SSL_pending(ssl) &&
		    poll(&p, 1, now < until ? (int)(until - now) * 1000 : 0) == 0)
			return end("still open");
		int n = SSL_read(ssl, bytes, sizeof(bytes));
		if (n <= 0)
			return ended(ssl, n);
		fwrite(bytes, 1, (size_t)n, stdout);
	}
}

static int talk(SSL *ssl, time_t until)
{
	static char input[1 << 16];
	size_t len = fread(input, 1, sizeof(input), stdin);
	int result = SSL_connect(ssl);

	if (result != 1)
		return ended(ssl, result);
	if (len && SSL_write(ssl, input, (int)len) <= 0)
		return end("does not take it");
	return take_all(ssl, until);
}

int main(int argc, char **argv)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl;
	int fd;

	if (argc != 3 && argc != 5)
		return fail("PORT SECONDS [CERTIFICATE KEY]");
	if (argc == 5 && (SSL_CTX_use_certificate_file(ctx, argv[3], SSL_FILETYPE_PEM) != 1 ||
			  SSL_CTX_use_PrivateKey_file(ctx, argv[4], SSL_FILETYPE_PEM) != 1))
		return fail("cannot use certificate and key");
	fd = connect_port(argv[1]);
	if (fd < 0)
		return fail("cannot connect");
	ssl = SSL_new(ctx);
	SSL_set_fd(ssl, fd);
	return talk(ssl, time(NULL) + atoi(argv[2]));
}
