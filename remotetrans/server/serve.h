/* SPDX-License-Identifier: GPL-2.0-or-later */
/* serve - one client's connection, from TLS handshake to its end. Input: attacker-controlled. */
#ifndef RT_SERVER_SERVE_H
#define RT_SERVER_SERVE_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include "remotetrans/server/config.h"

/**
 * serve_client() - answer one client until it leaves
 * @fd:      connected, non-blocking; taken
 * @address: of the client, for the log
 * @is_far:  it is on another host, so that compressing may pay
 *
 * Return: NULL: it left in good order; else what went wrong, for the log.
 */
MUST_CHECK const struct err *serve_client(const struct server_config *config, SSL_CTX *tls, int fd,
					  const char *address, bool is_far);

#endif
