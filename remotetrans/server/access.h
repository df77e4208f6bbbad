/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * access - who may read which VM. This protects tenants from each other; a guest's secrets from the
 * cloud it does not protect.
 */
#ifndef RT_SERVER_ACCESS_H
#define RT_SERVER_ACCESS_H

#include <openssl/ssl.h>

#include "remotetrans/server/config.h"

#define ACCESS_NAME_BYTES 65 /* X.520 ub-common-name */

/* The common name in the client's verified certificate. PEER: none, or unusable. */
MUST_CHECK const struct err *access_client_name(SSL *ssl, char ret[static ACCESS_NAME_BYTES]);

bool access_allowed(const struct vm_config *vm, const char *client);

/* The VM called @vm (name, or UUID as text) if @client may read it; NULL for both refusals. */
const struct vm_config *access_find(const struct server_config *c, const char *client,
				    const char *vm);

#endif
