/* SPDX-License-Identifier: GPL-2.0-or-later */
/* OpenSSL contexts for both ends. */
#include "remotetrans/wire/tls.h"

#include <openssl/err.h>

const char *tls_reason(void)
{
	unsigned long code = ERR_get_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	ERR_clear_error();
	return reason ? reason : "no reason given";
}

static const struct err *use_files(SSL_CTX *ctx, const struct tls_files *f)
{
	if (SSL_CTX_load_verify_file(ctx, f->ca) != 1)
		return ERR(ERR_USAGE, "cannot use CA certificate %s: %s", f->ca, tls_reason());
	if (SSL_CTX_use_certificate_chain_file(ctx, f->certificate) != 1)
		return ERR(ERR_USAGE, "cannot use certificate %s: %s", f->certificate,
			   tls_reason());
	if (SSL_CTX_use_PrivateKey_file(ctx, f->key, SSL_FILETYPE_PEM) != 1)
		return ERR(ERR_USAGE, "cannot use private key %s with certificate %s: %s", f->key,
			   f->certificate, tls_reason());
	return NULL;
}

static const struct err *configure(SSL_CTX *ctx, bool is_server)
{
	int verify = SSL_VERIFY_PEER | (is_server ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);

	if (SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) != 1 ||
	    SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL without TLS 1.3: %s", tls_reason());
	SSL_CTX_set_verify(ctx, verify, NULL);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	if (is_server)
		SSL_CTX_set_num_tickets(ctx, 0);
	SSL_CTX_set_mode(ctx, SSL_MODE_AUTO_RETRY | SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_read_ahead(ctx, 1);
	return NULL;
}

const struct err *tls_context(bool is_server, const struct tls_files *files, SSL_CTX **ret)
{
	SSL_CTX *ctx = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());

	if (!ctx)
		return ERR(ERR_SYSTEM, "OpenSSL: %s", tls_reason());
	const struct err *e = configure(ctx, is_server);
	if (!e)
		e = use_files(ctx, files);
	if (e) {
		SSL_CTX_free(ctx);
		return e;
	}
	*ret = ctx;
	return NULL;
}
