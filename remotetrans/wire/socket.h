/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * socket - what TLS reads from and writes to: a connected socket, whose peer may go at any time.
 *
 * Unlike OpenSSL's own, a write to a peer that has gone raises no SIGPIPE (we are a library in
 * programs whose tools must keep theirs) and is no error: what the peer said last, an alert as a
 * rule, is still to be read, and the read after it tells the end.
 */
#ifndef RT_WIRE_SOCKET_H
#define RT_WIRE_SOCKET_H

#include <openssl/bio.h>

/* Return: to be handed to SSL_set_bio(); NULL when there is no memory. @fd stays the caller's. */
BIO *socket_bio(int fd);

#endif
