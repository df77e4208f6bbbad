/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quotes. Input: the TPM's answers. */
#include <string.h>

#include <openssl/evp.h>
#include <tss2/tss2_mu.h>

#include "remotetrans/attest/attest.h"
#include "remotetrans/attest/tpm_context.h"

/* --- PCRs --------------------------------------------------------------------------------------
 */

static TPML_PCR_SELECTION selection_of(uint32_t pcrs)
{
	TPML_PCR_SELECTION s = {.count = 1};

	s.pcrSelections[0].hash = TPM2_ALG_SHA256;
	s.pcrSelections[0].sizeofSelect = 3;
	for (unsigned i = 0; i < 3; i++)
		s.pcrSelections[0].pcrSelect[i] = (BYTE)(pcrs >> 8 * i);
	return s;
}

static uint32_t pcrs_of(const TPML_PCR_SELECTION *s)
{
	const BYTE *selected = s->pcrSelections[0].pcrSelect;

	if (s->count != 1 || s->pcrSelections[0].sizeofSelect != 3)
		return 0;
	return selected[0] | (uint32_t)selected[1] << 8 | (uint32_t)selected[2] << 16;
}

/* A TPM gives eight values at a time. Return: how many of @pcrs are still to be read in @ret_left.
 */
static const struct err *pcrs_read_some(struct tpm *t, uint32_t pcrs, uint8_t values[][TPM_DIGEST],
					uint32_t *ret_left)
{
	AUTO_FREE TPML_PCR_SELECTION *got = NULL;
	AUTO_FREE TPML_DIGEST *digests = NULL;
	TPML_PCR_SELECTION wanted = selection_of(pcrs);
	uint32_t next = 0;

	TRY(tpm_check(t, "TPM2_PCR_Read",
		      Esys_PCR_Read(t->esys, NO_SESSIONS, &wanted, NULL, &got, &digests)));
	uint32_t given = pcrs_of(got) & pcrs;
	for (uint32_t pcr = 0; pcr < TPM_PCRS && next < digests->count; pcr++) {
		if (!(given >> pcr & 1) || digests->digests[next].size != TPM_DIGEST)
			continue;
		memcpy(values[pcr], digests->digests[next++].buffer, TPM_DIGEST);
		pcrs &= ~(1u << pcr);
	}
	*ret_left = pcrs;
	return NULL;
}

const struct err *tpm_pcrs_read(struct tpm *t, uint32_t pcrs, uint8_t ret[TPM_PCRS][TPM_DIGEST])
{
	while (pcrs) {
		uint32_t before = pcrs;

		TRY(pcrs_read_some(t, before, ret, &pcrs));
		if (pcrs == before)
			return ERR(ERR_PEER,
				   "TPM %s: its SHA-256 bank is off: switch it on in the firmware",
				   t->name);
	}
	return NULL;
}

static const struct err *pcrs_quoted(struct tpm *t, struct tpm_quote *q)
{
	uint8_t values[TPM_PCRS][TPM_DIGEST];

	TRY(tpm_pcrs_read(t, ATTEST_PCRS, values));
	q->pcr_count = 0;
	for (uint32_t pcr = 0; pcr < TPM_PCRS; pcr++)
		if (ATTEST_PCRS >> pcr & 1)
			memcpy(q->pcrs[q->pcr_count++], values[pcr], TPM_DIGEST);
	return NULL;
}

/* --- a quote -----------------------------------------------------------------------------------
 */

#define QUOTE_ATTEMPTS 3

static bool is_quoted(const TPM2B_ATTEST *quoted, const struct tpm_quote *q)
{
	uint8_t digest[TPM_DIGEST];
	TPMS_ATTEST a;
	size_t at = 0;

	if (Tss2_MU_TPMS_ATTEST_Unmarshal(quoted->attestationData, quoted->size, &at, &a) ||
	    a.type != TPM2_ST_ATTEST_QUOTE)
		return false;
	const TPM2B_DIGEST *pcrs = &a.attested.quote.pcrDigest;
	return EVP_Digest(q->pcrs, q->pcr_count * sizeof(q->pcrs[0]), digest, NULL, EVP_sha256(),
			  NULL) == 1 &&
	       pcrs->size == TPM_DIGEST && memcmp(pcrs->buffer, digest, TPM_DIGEST) == 0;
}

static const struct err *quote_once(struct tpm *t, ESYS_TR ak, const TPM2B_DATA *qualifying,
				    struct tpm_quote *ret, bool *ret_matches)
{
	const TPMT_SIG_SCHEME of_the_key = {.scheme = TPM2_ALG_NULL};
	const TPML_PCR_SELECTION pcrs = selection_of(ATTEST_PCRS);
	AUTO_FREE TPMT_SIGNATURE *signature = NULL;
	AUTO_FREE TPM2B_ATTEST *quoted = NULL;
	size_t len = 0;

	TRY(tpm_check(t, "TPM2_Quote",
		      Esys_Quote(t->esys, ak, EMPTY_AUTH, qualifying, &of_the_key, &pcrs, &quoted,
				 &signature)));
	memcpy(ret->quote.bytes, quoted->attestationData, quoted->size);
	ret->quote.len_bytes = quoted->size;
	TRY(tpm_check(t, "signature",
		      Tss2_MU_TPMT_SIGNATURE_Marshal(signature, ret->signature.bytes, TPM_BLOB_MAX,
						     &len)));
	ret->signature.len_bytes = (uint32_t)len;
	TRY(pcrs_quoted(t, ret));
	*ret_matches = is_quoted(quoted, ret);
	return NULL;
}

_Static_assert(sizeof(((TPM2B_ATTEST *)0)->attestationData) <= TPM_BLOB_MAX, "a quote fits");

const struct err *tpm_quote(struct tpm *t, const uint8_t qualifying[TPM_DIGEST],
			    struct tpm_quote *ret)
{
	TPM2B_DATA data = {.size = TPM_DIGEST};
	AUTO_OBJECT ak = NO_OBJECT(t);
	bool matches = false;

	tpm_start_clock(t);
	memcpy(data.buffer, qualifying, TPM_DIGEST);
	TRY(tpm_key_create(&ak, &tpm_ak_template, &ret->ak_public));
	for (int i = 0; i < QUOTE_ATTEMPTS && !matches; i++)
		TRY(quote_once(t, ak.handle, &data, ret, &matches));
	if (!matches)
		return ERR(ERR_PEER, "TPM %s: its PCRs change all the time, or lack SHA-256 values",
			   t->name);
	return NULL;
}
