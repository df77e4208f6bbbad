/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * access - who may read which VM. This protects tenants from each other; a guest's secrets from the
 * cloud it does not protect.
 *
 * A client whose certificate does not count is a stranger: one without a name. No VM allows it, and
 * it is answered as a known client is for a VM that is not its own.
 */
#ifndef RT_SERVER_ACCESS_H
#define RT_SERVER_ACCESS_H

#include <openssl/ssl.h>

#include "remotetrans/server/config.h"

#define ACCESS_NAME_BYTES 65 /* X.520 ub-common-name */

/* The common name in the client's certificate. PEER: why this client is a stranger, for the log. */
MUST_CHECK const struct err *access_client_name(SSL *ssl, char ret[static ACCESS_NAME_BYTES]);

bool access_allowed(const struct vm_config *vm, const char *client);

/* The VM called @vm (name, or UUID as text) if @client may read it; NULL for both refusals. */
const struct vm_config *access_find(const struct server_config *c, const char *client,
				    const char *vm);

/* Whether @client may ask for evidence of this host: it may read a VM, or is in attest_allow=. */
bool access_may_attest(const struct server_config *c, const char *client);

/* Why access_find() found none, for the log alone. */
const char *access_why_not(const struct server_config *c, const char *vm);

#endif
