/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A TPM in software, for the verifier's tests. */
#include "tests/unit/attest/fake_tpm.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tss2/tss2_mu.h>

#include "remotetrans/attest/digest.h"

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
			abort();                                                                   \
		}                                                                                  \
	} while (0)
#define FINE(call) MUST(!(call))

static void put(struct fake_tpm *t, uint64_t v, size_t len_bytes)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < len_bytes; i++)
		bytes[i] = (uint8_t)(v >> 8 * i);
	FINE(buf_write_bytes(&t->log, bytes, len_bytes));
}

/* TCG_PCR_EVENT with a TCG_EfiSpecIDEvent of one algorithm */
static void log_begin(struct fake_tpm *t)
{
	t->log = buf_writer_over(t->log_bytes, sizeof(t->log_bytes));
	put(t, 0, 4);
	put(t, 3, 4);
	FINE(buf_write_bytes(&t->log, (uint8_t[20]){0}, 20));
	put(t, 33, 4);
	FINE(buf_write_bytes(&t->log, "Spec ID Event03", 16));
	put(t, 0, 8);
	put(t, 1, 4);
	put(t, TPM2_ALG_SHA256, 2);
	put(t, EVENTLOG_DIGEST, 2);
	put(t, 0, 1);
}

void fake_tpm_init(struct fake_tpm *t)
{
	memset(t, 0, sizeof(*t));
	t->key = EVP_EC_gen("P-256");
	MUST(t->key);
	fake_public(t, FAKE_AK_ATTRIBUTES);
	log_begin(t);
}

void fake_tpm_deinit(struct fake_tpm *t)
{
	EVP_PKEY_free(t->key);
}

void fake_public(struct fake_tpm *t, uint32_t attributes)
{
	TPMT_PUBLIC p = {
		.type = TPM2_ALG_ECC, .nameAlg = TPM2_ALG_SHA256, .objectAttributes = attributes};
	TPMS_ECC_PARMS *ecc = &p.parameters.eccDetail;
	uint8_t point[65];
	size_t len;

	MUST(EVP_PKEY_get_octet_string_param(t->key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point),
					     &len) == 1 &&
	     len == sizeof(point));
	ecc->symmetric.algorithm = TPM2_ALG_NULL;
	ecc->scheme.scheme = TPM2_ALG_ECDSA;
	ecc->scheme.details.ecdsa.hashAlg = TPM2_ALG_SHA256;
	ecc->curveID = TPM2_ECC_NIST_P256;
	ecc->kdf.scheme = TPM2_ALG_NULL;
	p.unique.ecc.x.size = p.unique.ecc.y.size = 32;
	memcpy(p.unique.ecc.x.buffer, point + 1, 32);
	memcpy(p.unique.ecc.y.buffer, point + 33, 32);
	t->ak_public.len_bytes = 0;
	MUST(Tss2_MU_TPMT_PUBLIC_Marshal(&p, t->ak_public.bytes, FAKE_BLOB,
					 &t->ak_public.len_bytes) == 0);
	t->ak_name[0] = 0;
	t->ak_name[1] = TPM2_ALG_SHA256;
	FINE(digest_bytes(t->ak_public.bytes, t->ak_public.len_bytes, t->ak_name + 2));
}

void fake_log(struct fake_tpm *t, uint32_t pcr, uint32_t type, const void *data, size_t data_bytes,
	      const uint8_t *digest)
{
	put(t, pcr, 4);
	put(t, type, 4);
	put(t, 1, 4);
	put(t, TPM2_ALG_SHA256, 2);
	FINE(buf_write_bytes(&t->log, digest, EVENTLOG_DIGEST));
	put(t, data_bytes, 4);
	FINE(buf_write_bytes(&t->log, data, data_bytes));
}

void fake_measure(struct fake_tpm *t, uint32_t pcr, uint32_t type, const void *data,
		  size_t data_bytes, const uint8_t *digest)
{
	uint8_t of_data[EVENTLOG_DIGEST];

	FINE(digest_bytes(data, data_bytes, of_data));
	FINE(digest_extend(t->pcrs[pcr], digest ? digest : of_data));
	fake_log(t, pcr, type, data, data_bytes, digest ? digest : of_data);
}

void fake_key(struct fake_tpm *t, uint8_t fill)
{
	uint8_t data[RTLAUNCH_KEY_DATA_BYTES];

	memcpy(data, RTLAUNCH_KEY_LABEL, RTLAUNCH_KEY_LABEL_BYTES);
	memset(data + RTLAUNCH_KEY_LABEL_BYTES, fill, 32);
	fake_measure(t, RTLAUNCH_PCR, RTLAUNCH_EVENT, data, sizeof(data), NULL);
}

void fake_separator(struct fake_tpm *t, uint32_t pcr)
{
	fake_measure(t, pcr, RTLAUNCH_SEPARATOR, (uint8_t[4]){0}, 4, NULL);
}

static void part(struct fake_tpm *t, const char *name)
{
	uint8_t digest[EVENTLOG_DIGEST];

	memset(digest, name[0], sizeof(digest));
	fake_measure(t, RTLAUNCH_PCR, RTLAUNCH_EVENT, name, strlen(name), digest);
}

void fake_firmware(struct fake_tpm *t)
{
	static const char action[] = "Calling EFI Application from Boot Option";
	uint8_t image[EVENTLOG_DIGEST];

	memset(image, 'i', sizeof(image));
	fake_measure(t, 0, 8, "1.0", 3, NULL);
	fake_measure(t, 1, 0x80000002, "order", 5, NULL);
	fake_measure(t, 4, 0x80000007, action, sizeof(action) - 1, NULL);
	for (uint32_t pcr = 0; pcr < 8; pcr++)
		fake_separator(t, pcr);
	fake_measure(t, 4, 0x80000003, "", 0, image);
	part(t, MANIFEST_CONFIG);
	part(t, MANIFEST_KERNEL);
	part(t, MANIFEST_RAMDISK);
}

static void values_put(struct fake_tpm *t, uint32_t selection)
{
	t->e.pcrs_bytes = 0;
	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++)
		if (selection >> pcr & 1) {
			memcpy(t->values + t->e.pcrs_bytes, t->pcrs[pcr], EVENTLOG_DIGEST);
			t->e.pcrs_bytes += EVENTLOG_DIGEST;
		}
}

void fake_sign(struct fake_tpm *t)
{
	TPMT_SIGNATURE s = {.sigAlg = TPM2_ALG_ECDSA};
	TPMS_SIGNATURE_ECDSA *ecdsa = &s.signature.ecdsa;
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	uint8_t der[80];
	const uint8_t *at = der;
	size_t len = sizeof(der);

	MUST(EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, t->key) == 1);
	MUST(EVP_DigestSign(c, der, &len, t->quote.bytes, t->quote.len_bytes) == 1);
	EVP_MD_CTX_free(c);
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)len);
	ecdsa->hash = TPM2_ALG_SHA256;
	ecdsa->signatureR.size = ecdsa->signatureS.size = 32;
	MUST(BN_bn2binpad(ECDSA_SIG_get0_r(sig), ecdsa->signatureR.buffer, 32) == 32);
	MUST(BN_bn2binpad(ECDSA_SIG_get0_s(sig), ecdsa->signatureS.buffer, 32) == 32);
	ECDSA_SIG_free(sig);
	t->signature.len_bytes = 0;
	MUST(Tss2_MU_TPMT_SIGNATURE_Marshal(&s, t->signature.bytes, FAKE_BLOB,
					    &t->signature.len_bytes) == 0);
}

static void evidence_point(struct fake_tpm *t)
{
	t->e = (struct evidence){.quote = t->quote.bytes,
				 .signature = t->signature.bytes,
				 .ak_public = t->ak_public.bytes,
				 .pcrs = t->values,
				 .log = t->log_bytes,
				 .quote_bytes = (uint32_t)t->quote.len_bytes,
				 .signature_bytes = (uint32_t)t->signature.len_bytes,
				 .ak_public_bytes = (uint32_t)t->ak_public.len_bytes,
				 .pcrs_bytes = t->e.pcrs_bytes,
				 .log_bytes = (uint32_t)t->log.used_bytes};
}

void fake_quote(struct fake_tpm *t, uint32_t selection, const uint8_t qualifying[32])
{
	TPMS_ATTEST a = {.magic = TPM2_GENERATED_VALUE,
			 .type = TPM2_ST_ATTEST_QUOTE,
			 .clockInfo.resetCount = 7};
	TPMS_QUOTE_INFO *q = &a.attested.quote;
	TPMS_PCR_SELECTION *s = &q->pcrSelect.pcrSelections[0];

	a.clockInfo.safe = TPM2_YES;
	a.extraData.size = 32;
	memcpy(a.extraData.buffer, qualifying, 32);
	q->pcrSelect.count = 1;
	s->hash = TPM2_ALG_SHA256;
	s->sizeofSelect = 3;
	for (unsigned i = 0; i < 3; i++)
		s->pcrSelect[i] = (uint8_t)(selection >> 8 * i);
	values_put(t, selection);
	q->pcrDigest.size = 32;
	FINE(digest_bytes(t->values, t->e.pcrs_bytes, q->pcrDigest.buffer));
	t->quote.len_bytes = 0;
	MUST(Tss2_MU_TPMS_ATTEST_Marshal(&a, t->quote.bytes, FAKE_BLOB, &t->quote.len_bytes) == 0);
	fake_sign(t);
	evidence_point(t);
}
