/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tls - OpenSSL contexts: TLS 1.3 only, both sides authenticated by certificate. */
#ifndef RT_WIRE_TLS_H
#define RT_WIRE_TLS_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include "remotetrans/base/err.h"

struct tls_files {
	const char *ca;                /* PEM: who may sign the peer's certificate */
	const char *certificate, *key; /* PEM: who we are */
};

/**
 * tls_context() - make a context
 * @ret: out: owned by the caller (SSL_CTX_free)
 *
 * Return: NULL; USAGE naming the file that cannot be used; SYSTEM.
 */
MUST_CHECK const struct err *tls_context(bool is_server, const struct tls_files *files,
					 SSL_CTX **ret);

/* The oldest OpenSSL error of this thread as text; clears all of them. */
const char *tls_reason(void);

#endif
