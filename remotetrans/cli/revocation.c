/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of revoked certificates through OpenSSL. */
#include "remotetrans/cli/revocation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "remotetrans/base/scope.h"

#define PATH_BYTES      4096
#define BACKDATE_S      (-3600L) /* clocks differ */
#define SECONDS_PER_DAY 86400L

static void crl_free(X509_CRL **crl)
{
	X509_CRL_free(*crl);
}

static const struct err *failed(const char *what)
{
	ERR_clear_error();
	return ERR(ERR_SYSTEM, "list of revoked certificates: OpenSSL cannot %s", what);
}

/* The list that is there, or an empty one. */
static const struct err *open_list(const char *path, const struct certificate *ca, X509_CRL **ret)
{
	AUTO_FCLOSE FILE *f = fopen(path, "re");

	if (!f && errno != ENOENT)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot read %.300s", path);
	*ret = f ? PEM_read_X509_CRL(f, NULL, NULL, NULL) : X509_CRL_new();
	ERR_clear_error();
	if (!*ret || (f && X509_CRL_verify(*ret, ca->key) != 1))
		return ERR(ERR_USAGE, "%.300s is not a list that this authority signed", path);
	if (!f && (X509_CRL_set_version(*ret, X509_CRL_VERSION_2) != 1 ||
		   X509_CRL_set_issuer_name(*ret, X509_get_subject_name(ca->x509)) != 1))
		return failed("make one");
	return NULL;
}

static const struct err *add(X509_CRL *crl, X509 *x)
{
	X509_REVOKED *there = NULL, *entry = X509_REVOKED_new();
	ASN1_TIME *now = X509_gmtime_adj(NULL, 0);
	bool ok = entry && now;

	if (X509_CRL_get0_by_cert(crl, &there, x) == 0) {
		ok = ok && X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(x)) == 1 &&
		     X509_REVOKED_set_revocationDate(entry, now) == 1 &&
		     X509_CRL_add0_revoked(crl, entry) == 1;
		if (ok)
			entry = NULL; /* the list's now */
	}
	X509_REVOKED_free(entry);
	ASN1_TIME_free(now);
	return ok ? NULL : failed("add to it");
}

/* RFC 5280, section 5.2.3: each list has a higher number than the one before. */
static bool count_up(X509_CRL *crl)
{
	ASN1_INTEGER *before = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	bool ok = number &&
		  ASN1_INTEGER_set(number, before ? ASN1_INTEGER_get(before) + 1 : 1) == 1 &&
		  X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, X509V3_ADD_REPLACE) == 1;

	ASN1_INTEGER_free(before);
	ASN1_INTEGER_free(number);
	return ok;
}

static const struct err *sign(X509_CRL *crl, const struct certificate *ca, unsigned days)
{
	ASN1_TIME *from = X509_gmtime_adj(NULL, BACKDATE_S);
	ASN1_TIME *to = X509_gmtime_adj(NULL, (long)days * SECONDS_PER_DAY);
	bool ok = from && to && X509_CRL_set1_lastUpdate(crl, from) == 1 &&
		  X509_CRL_set1_nextUpdate(crl, to) == 1 && count_up(crl) &&
		  X509_CRL_sort(crl) == 1 && X509_CRL_sign(crl, ca->key, EVP_sha256()) > 0;

	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	return ok ? NULL : failed("sign it");
}

/* Readable by all: it is no secret, and the server's user must read it. */
static const struct err *write_list(const char *path, X509_CRL *crl)
{
	char fresh[PATH_BYTES + 4];

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	AUTO_FCLOSE FILE *f = fopen(fresh, "we");
	if (!f || fchmod(fileno(f), 0644) != 0)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot create %.300s", fresh);
	if (PEM_write_X509_CRL(f, crl) != 1 || fflush(f) != 0 || fsync(fileno(f)) != 0 ||
	    rename(fresh, path) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot write %.300s", path);
	return NULL;
}

const struct err *revocation_update(const struct certificate *ca, const char *folder,
				    const char *name, X509 *revoked, unsigned days)
{
	CLEANUP(crl_free) X509_CRL *crl = NULL;
	char path[PATH_BYTES];

	if (!(X509_get_key_usage(ca->x509) & KU_CRL_SIGN))
		return ERR(ERR_USAGE,
			   "the authority in %.300s may sign no list of revoked "
			   "certificates (key usage): make a new one in another FOLDER",
			   folder);
	if (revoked && X509_verify(revoked, ca->key) != 1)
		return ERR(ERR_USAGE, "the certificate was not signed by the authority in %.300s",
			   folder);
	snprintf(path, sizeof(path), "%s/%s.crl", folder, name);
	TRY(open_list(path, ca, &crl));
	if (revoked)
		TRY(add(crl, revoked));
	TRY(sign(crl, ca, days));
	return write_list(path, crl);
}
