/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Printing kernel pointers (lib/vsprintf.c). Input: attacker-controlled. */
#include "transcall/kobj/ptrhash.h"

#include <inttypes.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdio.h>

#define KEY_BYTES  16 /* siphash_key_t: two words, little-endian */
#define HASH_BYTES 8

/* SipHash-2-4 of the pointer's bytes; the kernel shows the low 32 bits. */
static const struct err *hash_pointer(const uint8_t key[static KEY_BYTES], gva_t pointer,
				      uint32_t *ret)
{
	uint8_t bytes[8], hash[HASH_BYTES];
	size_t size = HASH_BYTES, len;
	const OSSL_PARAM params[] = {OSSL_PARAM_size_t(OSSL_MAC_PARAM_SIZE, &size), OSSL_PARAM_END};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(pointer.v >> (8 * i));
	bool ok = ctx && EVP_MAC_init(ctx, key, KEY_BYTES, params) &&
		  EVP_MAC_update(ctx, bytes, sizeof(bytes)) &&
		  EVP_MAC_final(ctx, hash, &len, sizeof(hash)) && len == HASH_BYTES;
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	if (!ok)
		return ERR(ERR_SYSTEM, "OpenSSL offers no SipHash");
	*ret = (uint32_t)hash[0] | (uint32_t)hash[1] << 8 | (uint32_t)hash[2] << 16 |
	       (uint32_t)hash[3] << 24;
	return NULL;
}

/* A bool since 6.0; before, a static key whose counter is above 0 while there is no key. */
static const struct err *key_is_filled(const struct kernel *k, bool *ret)
{
	uint32_t enabled;
	uint8_t filled;

	if (k->profile->has_symbol[S_filled_random_ptr_key]) {
		TRY(kread_u8(k, kernel_symbol(k, S_filled_random_ptr_key), &filled));
		*ret = filled;
		return NULL;
	}
	if (!k->profile->has_symbol[S_not_filled_random_ptr_key])
		return ERR(ERR_PROFILE, "kernel %s hashes pointers in an unknown way",
			   k->profile->release);
	TRY(kread_u32(k, kernel_symbol(k, S_not_filled_random_ptr_key), &enabled));
	*ret = (int32_t)enabled <= 0;
	return NULL;
}

static void print_pointer(uint64_t v, char ret[static PTRHASH_TEXT_BYTES])
{
	snprintf(ret, PTRHASH_TEXT_BYTES, "%016" PRIx64, v);
}

/* %p */
static const struct err *hashed(const struct kernel *k, gva_t pointer,
				char ret[static PTRHASH_TEXT_BYTES])
{
	uint8_t key[KEY_BYTES], raw = 0;
	uint32_t hash;
	bool filled;

	if (k->profile->has_symbol[S_no_hash_pointers])
		TRY(kread_u8(k, kernel_symbol(k, S_no_hash_pointers), &raw));
	if (raw || gva_is_null(pointer)) {
		print_pointer(pointer.v, ret);
		return NULL;
	}
	TRY(key_is_filled(k, &filled));
	if (!filled) {
		snprintf(ret, PTRHASH_TEXT_BYTES, "(____ptrval____)");
		return NULL;
	}
	TRY(kread(k, kernel_symbol(k, S_ptr_key), key, sizeof(key)));
	TRY(hash_pointer(key, pointer, &hash));
	print_pointer(hash, ret);
	return NULL;
}

const struct err *ptrhash_restricted(const struct kernel *k, gva_t pointer,
				     char ret[static PTRHASH_TEXT_BYTES])
{
	uint32_t restriction;

	TRY(kread_u32(k, kernel_symbol(k, S_kptr_restrict), &restriction));
	if (restriction == 0)
		return hashed(k, pointer, ret);
	print_pointer(restriction == 1 ? pointer.v : 0, ret);
	return NULL;
}
