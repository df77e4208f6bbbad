/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows about the AK and the quote. Input: attacker-controlled. */
#include <string.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/attest/verifier.h"

#define TPM_GENERATED 0xff544347u
#define TYPE_QUOTE    0x8018u
#define ALG_SHA1      0x0004u
#define ALG_SHA256    0x000bu

/* PCRs that a firmware with a TPM always extends, and ours. */
#define PCRS_EXTENDED (0xffu | 1u << RTLAUNCH_PCR)

const struct err *verify_ak_name(struct verifier *v, struct attest_row *row)
{
	const struct err *e = tpm_public_decode(v->e->ak_public, v->e->ak_public_bytes, &v->ak);
	char hex[17];

	if (e)
		return row_malformed(row, e);
	v->facts |= FACT_AK;
	digest_hex(v->ak.name + 2, 8, hex);
	if (!v->p->ak_name)
		return row_fail(row, "no TPM is enrolled for this host");
	if (memcmp(v->ak.name, v->p->ak_name, ATTEST_NAME_BYTES) != 0)
		return row_fail(row,
				"key %s... is not the one that was enrolled: another TPM, or "
				"one that was cleared",
				hex);
	return row_pass(row, "%s...", hex);
}

const struct err *verify_ak_attributes(struct verifier *v, struct attest_row *row)
{
	const char *flaw = tpm_public_ak_flaw(&v->ak);

	if (flaw)
		return row_fail(row, "the key is %s", flaw);
	return row_pass(row, "restricted, signing, made in the TPM and bound to it");
}

const struct err *verify_quote(struct verifier *v, struct attest_row *row)
{
	const struct err *e = quote_decode(v->e->quote, v->e->quote_bytes, &v->quote);

	if (e)
		return row_malformed(row, e);
	if (v->quote.magic != TPM_GENERATED)
		return row_fail(row, "it does not begin with TPM_GENERATED: no TPM made it");
	if (v->quote.type != TYPE_QUOTE)
		return row_fail(row, "it is of type 0x%04x, not a quote", v->quote.type);
	return row_pass(row, "made in a TPM, after %u resets", v->quote.reset_count);
}

const struct err *verify_signature(struct verifier *v, struct attest_row *row)
{
	bool good = false;
	const struct err *e = tpm_signature_check(&v->ak, v->e->signature, v->e->signature_bytes,
						  v->e->quote, v->e->quote_bytes, &good);

	if (e)
		return row_malformed(row, e);
	return good ? row_pass(row, "by that key")
		    : row_fail(row, "it is not that key's over this quote");
}

const struct err *verify_nonce(struct verifier *v, struct attest_row *row)
{
	const struct quote *q = &v->quote;

	if (q->extra_bytes != DIGEST_BYTES || memcmp(q->extra, v->p->qualifying, DIGEST_BYTES) != 0)
		return row_fail(row, "the quote was made for another nonce or session: a replay");
	return row_pass(row, "of this request");
}

const struct err *verify_bank(struct verifier *v, struct attest_row *row)
{
	const struct quote *q = &v->quote;

	if (q->banks != 1)
		return row_fail(row, "%u banks are quoted, one is wanted", q->banks);
	if (q->hash != ALG_SHA256)
		return row_fail(row, "bank 0x%04x%s is quoted, SHA-256 is wanted", q->hash,
				q->hash == ALG_SHA1 ? " (SHA-1)" : "");
	return row_pass(row, "SHA-256");
}

const struct err *verify_selection(struct verifier *v, struct attest_row *row)
{
	uint32_t missing = ATTEST_PCRS & ~v->quote.selection;

	if (missing)
		return row_fail(row, "PCR %u is not quoted, of %u that are left out",
				(unsigned)__builtin_ctz(missing),
				(unsigned)__builtin_popcount(missing));
	return row_pass(row, "all that are wanted");
}

/* Which of the values is all 00 or FF; -1: none. */
static int unextended(const struct verifier *v)
{
	static const uint8_t zeros[DIGEST_BYTES];
	uint8_t ones[DIGEST_BYTES];

	memset(ones, 0xff, sizeof(ones));
	for (int pcr = 0; pcr < (int)EVENTLOG_PCRS; pcr++)
		if ((v->quote.selection & PCRS_EXTENDED) >> pcr & 1 &&
		    (memcmp(v->values[pcr], zeros, sizeof(zeros)) == 0 ||
		     memcmp(v->values[pcr], ones, sizeof(ones)) == 0))
			return pcr;
	return -1;
}

/* Sent in the order of their numbers, as pcrDigest has them. */
static bool values_place(struct verifier *v)
{
	uint32_t left = v->quote.selection;
	const uint8_t *at = v->e->pcrs;

	if (left >> EVENTLOG_PCRS ||
	    v->e->pcrs_bytes != DIGEST_BYTES * (uint32_t)__builtin_popcount(left))
		return false;
	for (; left; left &= left - 1, at += DIGEST_BYTES)
		memcpy(v->values[__builtin_ctz(left)], at, DIGEST_BYTES);
	return true;
}

const struct err *verify_values(struct verifier *v, struct attest_row *row)
{
	const struct quote *q = &v->quote;
	uint8_t digest[DIGEST_BYTES];
	int bad;

	if (!values_place(v))
		return row_fail(row, "%u bytes of values do not belong to this selection",
				v->e->pcrs_bytes);
	TRY(digest_bytes(v->e->pcrs, v->e->pcrs_bytes, digest));
	if (q->pcr_digest_bytes != sizeof(digest) ||
	    memcmp(q->pcr_digest, digest, sizeof(digest)) != 0)
		return row_fail(row, "these are not the values that were quoted");
	bad = unextended(v);
	if (bad >= 0)
		return row_fail(row, "PCR %d is all %02X: nothing was measured into it", bad,
				v->values[bad][0]);
	return row_pass(row, "those that were quoted");
}
