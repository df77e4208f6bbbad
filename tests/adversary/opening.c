/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lies while a session is opened: TLS, the VM, the handshake with the VMM. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/adversary/hostile.h"

/* --- the VMM's answer
 * ------------------------------------------------------------------------------
 */

void reply_vmm_key(uint8_t *reply)
{
	reply[offsetof(struct rtvmm_open_reply, vmm_static)] ^= 1;
}

void reply_small_order(uint8_t *reply)
{
	memset(reply + offsetof(struct rtvmm_open_reply, vmm_ephemeral), 0, RTVMM_KEY_BYTES);
}

void reply_confirm(uint8_t *reply)
{
	reply[offsetof(struct rtvmm_open_reply, confirm)] ^= 1;
}

/* --- what the VMM gets
 * -----------------------------------------------------------------------------
 */

/* The VM of another vmmd, whatever the client named. */
void vm_other_vm(struct vm_config *vm)
{
	hostile_aim_at_other(vm);
	hostile_lied();
}

/* Another domain of the same Xen. */
void vm_other_domain(struct vm_config *vm)
{
	vm_other_vm(vm);
}

/* The first client's hello, kept for all later ones. */
bool request_hello_session(uint8_t *request)
{
	const char *path = hostile_setting("RT_HOSTILE_STORE");
	FILE *f = fopen(path, "re");
	bool kept = f != NULL;

	if (!kept)
		f = fopen(path, "we");
	if (!f || (kept ? fread(request, WIRE_OPEN_REQUEST_BYTES, 1, f)
			: fwrite(request, WIRE_OPEN_REQUEST_BYTES, 1, f)) != 1)
		abort();
	fclose(f);
	return kept;
}

/* --- TLS
 * -------------------------------------------------------------------------------------------
 */

void tls_downgrade(SSL_CTX *tls)
{
	if (SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_max_proto_version(tls, TLS1_2_VERSION) != 1)
		abort();
}

/* $RT_HOSTILE_IMPOSTOR.pem and .key: for the right name, by another CA. */
void tls_impostor(SSL_CTX *tls)
{
	const char *name = hostile_setting("RT_HOSTILE_IMPOSTOR");
	char certificate[4096], key[4096];

	snprintf(certificate, sizeof(certificate), "%s.pem", name);
	snprintf(key, sizeof(key), "%s.key", name);
	if (SSL_CTX_use_certificate_chain_file(tls, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1)
		abort();
}
