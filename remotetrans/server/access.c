/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Access control by the common name of the client's certificate. Input: attacker-controlled. */
#include "remotetrans/server/access.h"

#include <string.h>

#include <openssl/x509.h>

#include "remotetrans/wire/tls.h"

#define SUBJECT_BYTES 200

/* As text for the log, whatever somebody has written into it. */
static const char *subject_text(SSL *ssl, char ret[static SUBJECT_BYTES])
{
	X509 *certificate = SSL_get0_peer_certificate(ssl);
	BIO *text = certificate ? BIO_new(BIO_s_mem()) : NULL;
	int len = 0;

	if (text &&
	    X509_NAME_print_ex(text, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) >= 0)
		len = BIO_read(text, ret, SUBJECT_BYTES - 1);
	ret[len > 0 ? len : 0] = 0;
	BIO_free(text);
	return ret;
}

static const struct err *read_name(SSL *ssl, char ret[static ACCESS_NAME_BYTES])
{
	X509_NAME *subject = X509_get_subject_name(SSL_get0_peer_certificate(ssl));
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	unsigned char *text = NULL;

	if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
		return ERR(ERR_PEER, "client certificate without exactly one common name");
	ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
	int len = ASN1_STRING_to_UTF8(&text, value);
	bool usable = len > 0 && len < ACCESS_NAME_BYTES && !memchr(text, 0, (size_t)len) &&
		      !memchr(text, ',', (size_t)len);
	if (usable) {
		memcpy(ret, text, (size_t)len);
		ret[len] = 0;
	}
	OPENSSL_free(text);
	return usable ? NULL : ERR(ERR_PEER, "client certificate with an unusable common name");
}

const struct err *access_client_name(SSL *ssl, char ret[static ACCESS_NAME_BYTES])
{
	const char *flaw = tls_peer_flaw(ssl);
	char subject[SUBJECT_BYTES];

	if (flaw)
		return ERR(ERR_PEER, "client certificate '%s': %s", subject_text(ssl, subject),
			   flaw);
	return read_name(ssl, ret);
}

static bool has_name(const char *list, const char *client)
{
	const char *at = list;
	size_t len = strlen(client);

	while (len && *at) {
		at += strspn(at, ", ");
		size_t part = strcspn(at, ",");
		size_t word = part;

		while (word && at[word - 1] == ' ')
			word--;
		if (word == len && memcmp(at, client, len) == 0)
			return true;
		at += part;
	}
	return false;
}

bool access_allowed(const struct vm_config *vm, const char *client)
{
	return has_name(vm->allow, client);
}

bool access_may_attest(const struct server_config *c, const char *client)
{
	for (size_t i = 0; i < c->vm_count; i++)
		if (access_allowed(&c->vms[i], client))
			return true;
	return has_name(c->attest_allow, client);
}

static bool is_called(const struct vm_config *vm, const char *name)
{
	char uuid[37];

	uuid_format(vm->uuid, uuid);
	return strcmp(vm->name, name) == 0 || strcasecmp(uuid, name) == 0;
}

const struct vm_config *access_find(const struct server_config *c, const char *client,
				    const char *vm)
{
	for (size_t i = 0; i < c->vm_count; i++)
		if (is_called(&c->vms[i], vm) && access_allowed(&c->vms[i], client))
			return &c->vms[i];
	return NULL;
}

const char *access_why_not(const struct server_config *c, const char *vm)
{
	for (size_t i = 0; i < c->vm_count; i++)
		if (is_called(&c->vms[i], vm))
			return "not in its allow=";
	return "there is none";
}
