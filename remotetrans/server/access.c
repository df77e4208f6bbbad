/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Access control by the common name of the client's certificate. Input: attacker-controlled. */
#include "remotetrans/server/access.h"

#include <string.h>

#include <openssl/x509.h>

const struct err *access_client_name(SSL *ssl, char ret[static ACCESS_NAME_BYTES])
{
	X509 *certificate = SSL_get0_peer_certificate(ssl);
	X509_NAME *subject = certificate ? X509_get_subject_name(certificate) : NULL;
	int at = subject ? X509_NAME_get_index_by_NID(subject, NID_commonName, -1) : -1;
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

bool access_allowed(const struct vm_config *vm, const char *client)
{
	const char *at = vm->allow;
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
