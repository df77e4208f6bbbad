/* SPDX-License-Identifier: MIT */
/* HMAC-SHA256 and HKDF-SHA256. Input: secrets; no data-dependent time. */
#include "vmm/core/hkdf.h"
#include "vmm/core/bytes.h"

void hmac_init(struct hmac *h, const void *key, uint32_t key_bytes)
{
	uint8_t inner_pad[SHA256_BLOCK_BYTES] = {0};

	bytes_copy(inner_pad, key, key_bytes);
	for (uint32_t i = 0; i < SHA256_BLOCK_BYTES; i++) {
		h->outer_pad[i] = inner_pad[i] ^ 0x5c; /* RFC 2104 section 2 */
		inner_pad[i] ^= 0x36;
	}
	sha256_init(&h->inner);
	sha256_update(&h->inner, inner_pad, sizeof(inner_pad));
	bytes_wipe(inner_pad, sizeof(inner_pad));
}

void hmac_update(struct hmac *h, const void *bytes, uint32_t len_bytes)
{
	sha256_update(&h->inner, bytes, len_bytes);
}

void hmac_final(struct hmac *h, uint8_t ret[SHA256_BYTES])
{
	struct sha256 outer;

	sha256_final(&h->inner, ret);
	sha256_init(&outer);
	sha256_update(&outer, h->outer_pad, sizeof(h->outer_pad));
	sha256_update(&outer, ret, SHA256_BYTES);
	sha256_final(&outer, ret);
	bytes_wipe(h, sizeof(*h));
}

void hkdf_sha256(const struct hkdf_input *in, uint8_t ret[SHA256_BYTES])
{
	static const uint8_t first_block = 1; /* RFC 5869 section 2.3: T(1) */
	uint8_t extracted[SHA256_BYTES];
	struct hmac h;

	hmac_init(&h, in->salt, in->salt_bytes);
	hmac_update(&h, in->ikm, in->ikm_bytes);
	hmac_final(&h, extracted);

	hmac_init(&h, extracted, sizeof(extracted));
	hmac_update(&h, in->info, in->info_bytes);
	hmac_update(&h, &first_block, 1);
	hmac_final(&h, ret);
	bytes_wipe(extracted, sizeof(extracted));
}
