/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tls - OpenSSL contexts: TLS 1.3 only, both sides authenticated by certificate.
 *
 * A client ends the handshake when the server's certificate does not hold. A server goes on, and
 * asks tls_peer_flaw(): the alert of TLS would tell a stranger what is wrong with what he has.
 */
#ifndef RT_WIRE_TLS_H
#define RT_WIRE_TLS_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include "remotetrans/base/err.h"

struct tls_files {
	const char *ca;                /* PEM: who may sign the peer's certificate */
	const char *certificate, *key; /* PEM: who we are; the key must be its owner's alone */
};

/**
 * tls_context() - make a context
 * @ret: out: owned by the caller (SSL_CTX_free)
 *
 * Return: NULL; USAGE naming the file that cannot be used; SYSTEM.
 */
MUST_CHECK const struct err *tls_context(bool is_server, const struct tls_files *files,
					 SSL_CTX **ret);

/* Why the peer's certificate does not count, though the handshake is done; NULL: it does. */
const char *tls_peer_flaw(SSL *ssl);

/**
 * tls_revocations() - from now on, peers' certificates are checked against a list of revoked ones
 * @path: PEM, from each CA that signs them; read now
 *
 * Until the list is usable and of today, no certificate counts. Return: NULL; USAGE naming @path.
 */
MUST_CHECK const struct err *tls_revocations(SSL_CTX *ctx, const char *path);

/* Whether our own certificate (file @path) is of today, and for a client. Return: NULL, USAGE. */
MUST_CHECK const struct err *tls_check_client(SSL_CTX *ctx, const char *path);

/* The oldest OpenSSL error of this thread as text; clears all of them. */
const char *tls_reason(void);

#endif
