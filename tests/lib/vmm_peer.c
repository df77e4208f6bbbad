/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client's side of rtvmm.h, on OpenSSL. Input: a VMM under test. */
#include "tests/lib/vmm_peer.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <string.h>

#define TRANSCRIPT_LABEL "RemoteTrans handshake 1"

static const struct err *openssl_failed(const char *what)
{
	return ERR(ERR_SYSTEM, "OpenSSL: %s failed", what);
}

bool vmm_peer_tag(const uint8_t key[RTVMM_KEY_BYTES], uint64_t counter, const void *head,
		  size_t head_bytes, const void *body, size_t body_bytes,
		  uint8_t ret[RTVMM_TAG_BYTES])
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	uint8_t nonce[12] = {0};
	uint8_t nothing[16];
	int n;
	bool ok;

	memcpy(nonce + 4, &counter, sizeof(counter));
	ok = c && EVP_EncryptInit_ex(c, EVP_chacha20_poly1305(), NULL, key, nonce) == 1 &&
	     EVP_EncryptUpdate(c, NULL, &n, head, (int)head_bytes) == 1 &&
	     (!body_bytes || EVP_EncryptUpdate(c, NULL, &n, body, (int)body_bytes) == 1) &&
	     EVP_EncryptFinal_ex(c, nothing, &n) == 1 &&
	     EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, RTVMM_TAG_BYTES, ret) == 1;
	EVP_CIPHER_CTX_free(c);
	return ok;
}

bool vmm_peer_x25519(const uint8_t secret[RTVMM_KEY_BYTES], const uint8_t public[RTVMM_KEY_BYTES],
		     uint8_t ret[RTVMM_KEY_BYTES])
{
	EVP_PKEY *ours = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, 32);
	EVP_PKEY *theirs = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, public, 32);
	EVP_PKEY_CTX *c = ours ? EVP_PKEY_CTX_new(ours, NULL) : NULL;
	size_t len = RTVMM_KEY_BYTES;
	bool ok = c && theirs && EVP_PKEY_derive_init(c) == 1 &&
		  EVP_PKEY_derive_set_peer(c, theirs) == 1 && EVP_PKEY_derive(c, ret, &len) == 1;

	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(theirs);
	EVP_PKEY_free(ours);
	return ok;
}

bool vmm_peer_hkdf(const void *salt, size_t salt_bytes, const void *ikm, size_t ikm_bytes,
		   const void *info, size_t info_bytes, uint8_t ret[32])
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *c = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	char digest[] = "SHA256";
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, sizeof(digest) - 1),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_bytes),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, (void *)ikm, ikm_bytes),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_bytes),
		OSSL_PARAM_END,
	};
	bool ok = c && EVP_KDF_derive(c, ret, 32, parameters) == 1;

	EVP_KDF_CTX_free(c);
	EVP_KDF_free(kdf);
	return ok;
}

const struct err *vmm_peer_begin(struct vmm_peer *p)
{
	static const uint8_t base_point[RTVMM_KEY_BYTES] = {9};

	memset(p, 0, sizeof(*p));
	p->request.version = RTVMM_VERSION;
	if (RAND_bytes(p->ephemeral_secret, sizeof(p->ephemeral_secret)) != 1 ||
	    RAND_bytes(p->request.challenge, sizeof(p->request.challenge)) != 1 ||
	    !vmm_peer_x25519(p->ephemeral_secret, base_point, p->request.client_ephemeral))
		return openssl_failed("making an ephemeral key");
	return NULL;
}

static bool hash_transcript(const struct vmm_peer *p, uint8_t ret[32])
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool ok = c && EVP_DigestInit_ex(c, EVP_sha256(), NULL) == 1 &&
		  EVP_DigestUpdate(c, TRANSCRIPT_LABEL, strlen(TRANSCRIPT_LABEL)) == 1 &&
		  EVP_DigestUpdate(c, &p->request, sizeof(p->request)) == 1 &&
		  EVP_DigestUpdate(c, &p->reply, offsetof(struct rtvmm_open_reply, confirm)) == 1 &&
		  EVP_DigestFinal_ex(c, ret, NULL) == 1;

	EVP_MD_CTX_free(c);
	return ok;
}

static struct rtvmm_header expected_header(const struct vmm_peer *p, enum rtvmm_record_type type,
					   const uint8_t challenge[RTVMM_CHALLENGE_BYTES])
{
	struct rtvmm_header h = {.magic = RTVMM_MAGIC, .version = RTVMM_VERSION};

	h.type = (uint32_t)type;
	memcpy(h.instance_id, p->reply.instance_id, sizeof(h.instance_id));
	memcpy(h.uuid, p->reply.uuid, sizeof(h.uuid));
	memcpy(h.boot_id, p->reply.boot_id, sizeof(h.boot_id));
	h.session = p->reply.session;
	memcpy(h.challenge, challenge, sizeof(h.challenge));
	return h;
}

const struct err *vmm_peer_finish(struct vmm_peer *p, const struct rtvmm_open_reply *reply)
{
	uint8_t ikm[2 * RTVMM_KEY_BYTES], info[40], tag[RTVMM_TAG_BYTES];
	struct rtvmm_header h;

	p->reply = *reply;
	if (!vmm_peer_x25519(p->ephemeral_secret, reply->vmm_static, ikm) ||
	    !vmm_peer_x25519(p->ephemeral_secret, reply->vmm_ephemeral, ikm + RTVMM_KEY_BYTES) ||
	    !hash_transcript(p, info))
		return openssl_failed("key agreement");
	memcpy(info + 32, &reply->session, sizeof(reply->session));
	if (!vmm_peer_hkdf(reply->vmm_static, RTVMM_KEY_BYTES, ikm, sizeof(ikm), info, sizeof(info),
			   p->key))
		return openssl_failed("HKDF");
	h = expected_header(p, RTVMM_RECORD_CONFIRM, p->request.challenge);
	if (!vmm_peer_tag(p->key, 0, &h, sizeof(h), NULL, 0, tag))
		return openssl_failed("ChaCha20-Poly1305");
	if (memcmp(tag, reply->confirm, sizeof(tag)))
		return ERR(ERR_INTEGRITY, "the key confirmation does not verify");
	return NULL;
}

struct rtvmm_request vmm_peer_request(const struct vmm_peer *p, enum rtvmm_op op)
{
	struct rtvmm_request r = {.version = RTVMM_VERSION, .session = p->reply.session};

	r.op = (uint32_t)op;
	if (op == RTVMM_OP_OPEN) {
		r.session = 0;
		memcpy(r.challenge, p->request.challenge, sizeof(r.challenge));
	} else if (RAND_bytes(r.challenge, sizeof(r.challenge)) != 1) {
		memset(r.challenge, 0xee, sizeof(r.challenge));
	}
	return r;
}

const struct err *vmm_peer_verify(struct vmm_peer *p, const struct rtvmm_request *r,
				  enum rtvmm_record_type type, uint64_t subject,
				  const struct rtvmm_record *record, const void *payload)
{
	struct rtvmm_header h = expected_header(p, type, r->challenge);
	const struct rtvmm_header *got = &record->header;
	uint8_t tag[RTVMM_TAG_BYTES];

	h.payload_bytes = got->payload_bytes;
	h.subject = subject;
	h.counter = got->counter;
	h.generation = got->generation;
	h.taken_ns = got->taken_ns;
	if (memcmp(&h, got, sizeof(h)))
		return ERR(ERR_INTEGRITY, "the header is not that of this request");
	if (got->counter <= p->last_counter)
		return ERR(ERR_INTEGRITY, "counter %llu again", (unsigned long long)got->counter);
	if (!vmm_peer_tag(p->key, got->counter, got, sizeof(*got), payload, got->payload_bytes,
			  tag))
		return openssl_failed("ChaCha20-Poly1305");
	if (memcmp(tag, record->tag, sizeof(tag)))
		return ERR(ERR_INTEGRITY, "the tag does not verify");
	p->last_counter = got->counter;
	return NULL;
}
