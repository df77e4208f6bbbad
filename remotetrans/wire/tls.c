/* SPDX-License-Identifier: GPL-2.0-or-later */
/* OpenSSL contexts for both ends. */
#include "remotetrans/wire/tls.h"

#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#define READ_AHEAD_BYTES (256u << 10)

const char *tls_reason(void)
{
	unsigned long code = ERR_get_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	ERR_clear_error();
	return reason ? reason : "no reason given";
}

/* A key that is missing is for OpenSSL to name. */
static const struct err *check_private(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0 || !(st.st_mode & (S_IRWXG | S_IRWXO)))
		return NULL;
	return ERR(ERR_USAGE,
		   "private key %s is open to others than its owner (mode %04o): chmod 600 %s",
		   path, (unsigned)st.st_mode & 07777, path);
}

static const struct err *use_files(SSL_CTX *ctx, const struct tls_files *f)
{
	if (SSL_CTX_load_verify_file(ctx, f->ca) != 1)
		return ERR(ERR_USAGE, "cannot use CA certificate %s: %s", f->ca, tls_reason());
	if (SSL_CTX_use_certificate_chain_file(ctx, f->certificate) != 1)
		return ERR(ERR_USAGE, "cannot use certificate %s: %s", f->certificate,
			   tls_reason());
	TRY(check_private(f->key));
	if (SSL_CTX_use_PrivateKey_file(ctx, f->key, SSL_FILETYPE_PEM) != 1)
		return ERR(ERR_USAGE, "cannot use private key %s with certificate %s: %s", f->key,
			   f->certificate, tls_reason());
	return NULL;
}

/* The handshake succeeds in any case; the verdict stays with the connection. */
static int note_verdict(X509_STORE_CTX *verification, void *unused)
{
	(void)unused;
	if (X509_verify_cert(verification) != 1 &&
	    X509_STORE_CTX_get_error(verification) == X509_V_OK)
		X509_STORE_CTX_set_error(verification, X509_V_ERR_UNSPECIFIED);
	ERR_clear_error();
	return 1;
}

const char *tls_peer_flaw(SSL *ssl)
{
	long verdict = SSL_get_verify_result(ssl);

	if (!SSL_get0_peer_certificate(ssl))
		return "no certificate";
	return verdict == X509_V_OK ? NULL : X509_verify_cert_error_string(verdict);
}

const struct err *tls_revocations(SSL_CTX *ctx, const char *path)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509_LOOKUP *files = X509_STORE_add_lookup(store, X509_LOOKUP_file());

	if (X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK) == 1 && files &&
	    X509_load_crl_file(files, path, X509_FILETYPE_PEM) > 0)
		return NULL;
	return ERR(ERR_USAGE, "cannot use list of revoked certificates %s: %s", path, tls_reason());
}

const struct err *tls_check_client(SSL_CTX *ctx, const char *path)
{
	X509 *x = SSL_CTX_get0_certificate(ctx);

	if (X509_cmp_current_time(X509_get0_notBefore(x)) > 0)
		return ERR(ERR_USAGE,
			   "certificate %s is not yet valid: look at its dates, and at "
			   "this host's clock",
			   path);
	if (X509_cmp_current_time(X509_get0_notAfter(x)) < 0)
		return ERR(ERR_USAGE, "certificate %s has expired: get a new one", path);
	if (X509_check_purpose(x, X509_PURPOSE_SSL_CLIENT, 0) != 1)
		return ERR(ERR_USAGE, "certificate %s is not for a client (extended key usage)",
			   path);
	return NULL;
}

static const struct err *configure(SSL_CTX *ctx, bool is_server)
{
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) != 1 ||
	    SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL without TLS 1.3: %s", tls_reason());
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	if (is_server) {
		SSL_CTX_set_num_tickets(ctx, 0);
		SSL_CTX_set_cert_verify_callback(ctx, note_verdict, NULL);
	}
	SSL_CTX_set_mode(ctx, SSL_MODE_AUTO_RETRY | SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_read_ahead(ctx, 1);
	if (!is_server) /* answers are long */
		SSL_CTX_set_default_read_buffer_len(ctx, READ_AHEAD_BYTES);
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
