/* SPDX-License-Identifier: GPL-2.0-or-later */
/* X.509 certificates through OpenSSL. */
#include "remotetrans/cli/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "remotetrans/base/scope.h"

#define SERIAL_BITS     127
#define BACKDATE_S      (-3600L) /* clocks differ */
#define SECONDS_PER_DAY 86400L
#define PATH_BYTES      4096

void certificate_deinit(struct certificate *c)
{
	EVP_PKEY_free(c->key);
	X509_free(c->x509);
	*c = (struct certificate){0};
}

static const struct err *openssl_failed(const char *what)
{
	unsigned long code = ERR_get_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	ERR_clear_error();
	return ERR(ERR_USAGE, "%s: %s", what, reason ? reason : "refused by OpenSSL");
}

static bool set_serial(X509 *x)
{
	BIGNUM *n = BN_new();
	bool ok = n && BN_rand(n, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
		  BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));

	BN_free(n);
	return ok;
}

static bool set_subject(X509 *x, const char *common_name)
{
	X509_NAME *name = X509_get_subject_name(x);

	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
					  (const unsigned char *)common_name, -1, -1, 0) == 1;
}

static const struct err *add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	bool ok = extension && X509_add_ext(x, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return ok ? NULL : openssl_failed(value);
}

static const struct err *add_extensions(X509 *x, X509 *issuer, const struct certificate_request *r)
{
	bool is_ca = !r->usage;

	TRY(add_extension(x, issuer, NID_basic_constraints,
			  is_ca ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE"));
	TRY(add_extension(x, issuer, NID_key_usage,
			  is_ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature"));
	TRY(add_extension(x, issuer, NID_subject_key_identifier, "hash"));
	if (!is_ca)
		TRY(add_extension(x, issuer, NID_ext_key_usage, r->usage));
	if (r->alternative_names)
		TRY(add_extension(x, issuer, NID_subject_alt_name, r->alternative_names));
	return NULL;
}

const struct err *certificate_make(const struct certificate_request *request,
				   const struct certificate *ca, struct certificate *ret)
{
	long valid_s = (long)request->days * SECONDS_PER_DAY;

	ret->key = EVP_EC_gen("P-256");
	ret->x509 = X509_new();
	X509 *x = ret->x509, *issuer = ca ? ca->x509 : x;
	if (!ret->key || !x || X509_set_version(x, X509_VERSION_3) != 1 || !set_serial(x) ||
	    !X509_gmtime_adj(X509_getm_notBefore(x), BACKDATE_S) ||
	    !X509_gmtime_adj(X509_getm_notAfter(x), valid_s) || X509_set_pubkey(x, ret->key) != 1 ||
	    !set_subject(x, request->common_name) ||
	    X509_set_issuer_name(x, X509_get_subject_name(issuer)) != 1)
		return openssl_failed(request->common_name);
	TRY(add_extensions(x, issuer, request));
	if (X509_sign(x, ca ? ca->key : ret->key, EVP_sha256()) <= 0)
		return openssl_failed("signing");
	return NULL;
}

/* --- files -------------------------------------------------------------------------------------
 */

static const struct err *create(const char *folder, const char *name, const char *suffix,
				mode_t mode, FILE **ret)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s%s", folder, name, suffix);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0 && errno == EEXIST)
		return ERR(ERR_USAGE,
			   "%.300s is there and is not overwritten: remove it first, or name "
			   "another FOLDER",
			   path);
	if (fd < 0)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot create %.300s", path);
	*ret = fdopen(fd, "w");
	return *ret ? NULL : ERR_ERRNO(ERR_SYSTEM, errno, "%.300s", path);
}

const struct err *certificate_write(const struct certificate *c, const char *folder,
				    const char *name)
{
	AUTO_FCLOSE FILE *key = NULL;
	AUTO_FCLOSE FILE *x509 = NULL;

	TRY(create(folder, name, ".key", 0600, &key));
	TRY(create(folder, name, ".pem", 0644, &x509));
	if (PEM_write_PrivateKey(key, c->key, NULL, NULL, 0, NULL, NULL) != 1 ||
	    PEM_write_X509(x509, c->x509) != 1 || fflush(key) != 0 || fflush(x509) != 0)
		return ERR(ERR_SYSTEM, "cannot write %.100s.key and %.100s.pem", name, name);
	return NULL;
}

static FILE *open_existing(const char *folder, const char *name, const char *suffix)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s%s", folder, name, suffix);
	return fopen(path, "re");
}

const struct err *certificate_read_public(X509 **ret, const char *folder, const char *name)
{
	AUTO_FCLOSE FILE *file = open_existing(folder, name, ".pem");

	*ret = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
	ERR_clear_error();
	return *ret ? NULL : ERR(ERR_USAGE, "cannot read %.300s/%.80s.pem", folder, name);
}

const struct err *certificate_read(struct certificate *ret, const char *folder, const char *name)
{
	AUTO_FCLOSE FILE *key = open_existing(folder, name, ".key");
	AUTO_FCLOSE FILE *x509 = open_existing(folder, name, ".pem");

	if (!key && !x509)
		return ERR(ERR_ABSENT, "no %s.key and %s.pem in %s", name, name, folder);
	if (key)
		ret->key = PEM_read_PrivateKey(key, NULL, NULL, NULL);
	if (x509)
		ret->x509 = PEM_read_X509(x509, NULL, NULL, NULL);
	ERR_clear_error();
	if (!ret->key || !ret->x509)
		return ERR(ERR_USAGE, "%s/%s.key and %s.pem cannot both be read", folder, name,
			   name);
	return NULL;
}
