/* SPDX-License-Identifier: GPL-2.0-or-later */
/* certificate - make X.509 certificates for both ends of the TLS connection. */
#ifndef RT_CLI_CERTIFICATE_H
#define RT_CLI_CERTIFICATE_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "remotetrans/base/err.h"

/* A private key and its certificate. */
struct certificate {
	EVP_PKEY *key; /* owned */
	X509 *x509;    /* owned */
};

struct certificate_request {
	const char *common_name;
	const char *alternative_names; /* "DNS:a,IP:127.0.0.1"; NULL: none */
	const char *usage;             /* extendedKeyUsage, e.g. "serverAuth"; NULL: this is a CA */
	unsigned days;
};

/**
 * certificate_make() - a new P-256 key and a certificate for it
 * @ca:  signer; NULL: self-signed
 * @ret: out: to be released with certificate_deinit(), also on error
 */
MUST_CHECK const struct err *certificate_make(const struct certificate_request *request,
					      const struct certificate *ca,
					      struct certificate *ret);
void certificate_deinit(struct certificate *c);

/* FOLDER/NAME.key (mode 0600) and FOLDER/NAME.pem; existing files are never overwritten. */
MUST_CHECK const struct err *certificate_write(const struct certificate *c, const char *folder,
					       const char *name);

/* FOLDER/NAME.pem alone; @ret: owned by the caller. USAGE: not there, or unusable. */
MUST_CHECK const struct err *certificate_read_public(X509 **ret, const char *folder,
						     const char *name);

/* ABSENT: neither file is there. */
MUST_CHECK const struct err *certificate_read(struct certificate *ret, const char *folder,
					      const char *name);

#endif
