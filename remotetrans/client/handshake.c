/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Session key agreement with the VMM. Input: attacker-controlled reply. */
#include "remotetrans/client/handshake.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "remotetrans/base/check.h"
#include "remotetrans/base/scope.h"

#define LABEL           "RemoteTrans handshake 1"
#define SHA256_BYTES    32
#define CONFIRMED_BYTES (sizeof(struct rtvmm_open_reply) - RTVMM_TAG_BYTES)

struct open_reply {
	uint32_t version, flags;
	uint8_t vmm_static[RTVMM_KEY_BYTES], vmm_ephemeral[RTVMM_KEY_BYTES];
	struct verify_identity identity;
	uint8_t confirm[RTVMM_TAG_BYTES];
};

static void pkey_free(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void pctx_free(EVP_PKEY_CTX **ctx)
{
	EVP_PKEY_CTX_free(*ctx);
}

const struct err *handshake_init(struct handshake *h)
{
	uint8_t public_key[RTVMM_KEY_BYTES];
	size_t len = sizeof(public_key);

	*h = (struct handshake){.ephemeral = EVP_PKEY_Q_keygen(NULL, NULL, "X25519")};
	if (!h->ephemeral || EVP_PKEY_get_raw_public_key(h->ephemeral, public_key, &len) != 1 ||
	    RAND_bytes(h->challenge, sizeof(h->challenge)) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL cannot draw an X25519 key");
	struct buf_writer w = buf_writer_over(h->request, sizeof(h->request));
	TRY(buf_write_u32(&w, RTVMM_VERSION));
	TRY(buf_write_u32(&w, 0));
	TRY(buf_write_bytes(&w, public_key, sizeof(public_key)));
	return buf_write_bytes(&w, h->challenge, sizeof(h->challenge));
}

void handshake_deinit(struct handshake *h)
{
	EVP_PKEY_free(h->ephemeral);
	OPENSSL_cleanse(h, sizeof(*h));
}

static const struct err *reply_decode(const uint8_t *bytes, struct open_reply *ret)
{
	struct buf_reader r = buf_reader_over(bytes, sizeof(struct rtvmm_open_reply));
	struct verify_identity *id = &ret->identity;

	TRY(buf_read_u32(&r, &ret->version));
	TRY(buf_read_u32(&r, &ret->flags));
	TRY(buf_read_bytes(&r, ret->vmm_static, sizeof(ret->vmm_static)));
	TRY(buf_read_bytes(&r, ret->vmm_ephemeral, sizeof(ret->vmm_ephemeral)));
	TRY(buf_read_bytes(&r, id->boot_id, sizeof(id->boot_id)));
	TRY(buf_read_bytes(&r, id->instance_id, sizeof(id->instance_id)));
	TRY(buf_read_bytes(&r, id->uuid, sizeof(id->uuid)));
	TRY(buf_read_u64(&r, &id->session));
	TRY(buf_read_bytes(&r, ret->confirm, sizeof(ret->confirm)));
	TRY(buf_reader_end(&r));
	if (ret->version != RTVMM_VERSION || ret->flags)
		return ERR(ERR_PROTO, "the VMM core speaks version %u (flags 0x%x), this client %d",
			   ret->version, ret->flags, RTVMM_VERSION);
	return NULL;
}

/* One X25519; OpenSSL refuses an all-zero result, and so do we. */
static const struct err *agree(EVP_PKEY *ours, const uint8_t *theirs, uint8_t *ret)
{
	CLEANUP(pkey_free)
	EVP_PKEY *peer =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, theirs, RTVMM_KEY_BYTES);
	CLEANUP(pctx_free) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(ours, NULL);
	static const uint8_t zero[RTVMM_KEY_BYTES];
	size_t len = RTVMM_KEY_BYTES;

	if (!peer || !ctx || EVP_PKEY_derive_init(ctx) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL cannot do X25519");
	bool usable = EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
		      EVP_PKEY_derive(ctx, ret, &len) == 1 && len == RTVMM_KEY_BYTES &&
		      CRYPTO_memcmp(ret, zero, sizeof(zero)) != 0;
	ERR_clear_error(); /* what OpenSSL says of a refused key is not TLS's */
	if (!CHECK(small_order, usable))
		return ERR(ERR_INTEGRITY, "VMM handshake: a key of small order was offered");
	return NULL;
}

static const struct err *transcript_hash(const struct handshake *h, const uint8_t *reply,
					 uint8_t *ret)
{
	uint8_t text[sizeof(LABEL) - 1 + sizeof(h->request) + CONFIRMED_BYTES];
	struct buf_writer w = buf_writer_over(text, sizeof(text));

	TRY(buf_write_bytes(&w, LABEL, sizeof(LABEL) - 1));
	TRY(buf_write_bytes(&w, h->request, sizeof(h->request)));
	TRY(buf_write_bytes(&w, reply, CONFIRMED_BYTES));
	if (EVP_Digest(text, sizeof(text), ret, NULL, EVP_sha256(), NULL) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL cannot do SHA-256");
	return NULL;
}

struct hkdf_input {
	uint8_t ikm[2 * RTVMM_KEY_BYTES];
	uint8_t salt[RTVMM_KEY_BYTES];
	uint8_t info[SHA256_BYTES + 8];
};

static const struct err *hkdf(struct hkdf_input *in, uint8_t *ret)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, in->ikm, sizeof(in->ikm)),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, in->salt, sizeof(in->salt)),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, in->info, sizeof(in->info)),
		OSSL_PARAM_construct_end(),
	};
	bool ok = ctx && EVP_KDF_derive(ctx, ret, RTVMM_KEY_BYTES, params) == 1;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok ? NULL : ERR(ERR_SYSTEM, "OpenSSL cannot do HKDF-SHA256");
}

static const struct err *hkdf_input_fill(struct hkdf_input *in, struct handshake *h,
					 const struct open_reply *reply, const uint8_t *reply_bytes,
					 const uint8_t *vmm_key)
{
	struct buf_writer info = buf_writer_over(in->info, sizeof(in->info));
	uint8_t transcript[SHA256_BYTES];

	memcpy(in->salt, vmm_key, sizeof(in->salt));
	TRY(agree(h->ephemeral, vmm_key, in->ikm));
	TRY(agree(h->ephemeral, reply->vmm_ephemeral, in->ikm + RTVMM_KEY_BYTES));
	TRY(transcript_hash(h, reply_bytes, transcript));
	TRY(buf_write_bytes(&info, transcript, sizeof(transcript)));
	return buf_write_u64(&info, reply->identity.session);
}

static const struct err *derive(struct handshake *h, const struct open_reply *reply,
				const uint8_t *reply_bytes, const uint8_t *vmm_key, uint8_t *ret)
{
	struct hkdf_input in;
	const struct err *e = hkdf_input_fill(&in, h, reply, reply_bytes, vmm_key);

	if (!e)
		e = hkdf(&in, ret);
	OPENSSL_cleanse(&in, sizeof(in)); /* after an error, too: one product may be there */
	return e;
}

/* The key the server names is only good for a better message. */
static const struct err *compare_keys(const uint8_t *pinned, const uint8_t *named)
{
	if (CHECK(vmm_key, CRYPTO_memcmp(pinned, named, RTVMM_KEY_BYTES) == 0))
		return NULL;
	return ERR(
		ERR_INTEGRITY,
		"the VMM's key is not the pinned one (it begins %02x%02x%02x%02x, vmm_key= in the "
		"targets file %02x%02x%02x%02x): wrong VMM, or correct vmm_key= after checking "
		"with "
		"its operator",
		named[0], named[1], named[2], named[3], pinned[0], pinned[1], pinned[2], pinned[3]);
}

const uint8_t *handshake_named_key(const uint8_t *reply)
{
	return reply + offsetof(struct rtvmm_open_reply, vmm_static);
}

const struct err *handshake_finish(struct handshake *h, const uint8_t *reply,
				   const uint8_t *vmm_key, struct verify *ret)
{
	struct open_reply o;
	uint8_t key[RTVMM_KEY_BYTES];

	TRY(reply_decode(reply, &o));
	if (!vmm_key)
		return verify_init(ret, &o.identity, NULL);
	TRY(compare_keys(vmm_key, o.vmm_static));
	const struct err *e = derive(h, &o, reply, vmm_key, key);
	if (!e)
		e = verify_init(ret, &o.identity, key);
	OPENSSL_cleanse(key, sizeof(key));
	if (!e)
		e = verify_confirm(ret, h->challenge, o.confirm);
	if (e)
		verify_deinit(ret);
	return e;
}
