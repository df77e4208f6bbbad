/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict on a host's evidence. Input: flags; then either the five structures, each with its
 * length before it, or a selection and a log that a TPM in software signs for: so that what comes
 * after a good signature is reached, too.
 */
#include "remotetrans/attest/reference.h"
#include "remotetrans/attest/tpm_format.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/attest/fake_tpm.h"

#define SIGNED       1u
#define STALE        2u
#define OTHER_VALUES 4u
#define PINNED       8u

static struct fake_tpm tpm;
static struct attest_report report;
static const uint8_t nonce[32] = {1}, old_nonce[32] = {2};

static const uint8_t *blob(struct input *in, uint32_t *ret_bytes)
{
	size_t len_bytes = input_u16(in), got;
	const uint8_t *at = input_view(in, len_bytes, &got);

	*ret_bytes = (uint32_t)got;
	return at;
}

static void raw(struct input *in, struct evidence *ret)
{
	ret->quote = blob(in, &ret->quote_bytes);
	ret->signature = blob(in, &ret->signature_bytes);
	ret->ak_public = blob(in, &ret->ak_public_bytes);
	ret->pcrs = blob(in, &ret->pcrs_bytes);
	ret->log = blob(in, &ret->log_bytes);
}

/* A TPM whose PCRs are those that the log leads to, as far as there is one. */
static void signed_by_tpm(struct input *in, uint8_t flags, struct evidence *ret)
{
	uint32_t selection = input_u32(in) & 0xffffff;
	struct eventlog l;

	if (!eventlog_read(in->at, in->left_bytes, &l)) {
		for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++)
			HOLDS(!eventlog_replay(&l, pcr, tpm.pcrs[pcr]));
		eventlog_deinit(&l);
	}
	tpm.pcrs[0][0] ^= flags & OTHER_VALUES;
	fake_quote(&tpm, selection, flags & STALE ? old_nonce : nonce);
	*ret = tpm.e;
	ret->log = in->at;
	ret->log_bytes = (uint32_t)in->left_bytes;
}

static void manifest_make(const struct evidence *e, struct manifest *ret)
{
	struct eventlog l;

	if (!eventlog_read(e->log, e->log_bytes, &l)) {
		HOLDS(!reference_build(&l, NULL, 0, ret));
		eventlog_deinit(&l);
	}
}

static void check_report(uint8_t flags)
{
	bool all = true;

	HOLDS(report.row_count >= 28 && report.row_count <= ATTEST_ROWS_MAX);
	for (unsigned i = 0; i < report.row_count; i++) {
		all = all && report.rows[i].status == ATTEST_PASSED;
		HOLDS(strlen(report.rows[i].reason) < sizeof(report.rows[i].reason));
	}
	HOLDS(report.passed == all);
	HOLDS(report.passed ? report.key_count > 0 && report.key_count <= ATTEST_KEYS_MAX
			    : !report.key_count);
	HOLDS(report.passed || attest_first_failure(&report));
	HOLDS(!report.passed || (flags & (SIGNED | STALE | OTHER_VALUES)) == SIGNED);
}

static void check_public(const struct evidence *e)
{
	struct tpm_public p;

	if (!tpm_public_decode(e->ak_public, e->ak_public_bytes, &p))
		tpm_public_deinit(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct input in = {bytes, len_bytes};
	uint8_t flags = input_u8(&in), key[32] = {0};
	struct manifest m = {0};
	struct evidence e = {0};

	fake_tpm_init(&tpm);
	if (flags & SIGNED)
		signed_by_tpm(&in, flags, &e);
	else
		raw(&in, &e);
	manifest_make(&e, &m);
	const struct attest_policy p = {.manifest = &m,
					.ak_name = tpm.ak_name,
					.qualifying = nonce,
					.vmm_key = flags & PINNED ? key : NULL};
	HOLDS(!attest_verify(&e, &p, &report));
	check_report(flags);
	check_public(&e);
	manifest_deinit(&m);
	fake_tpm_deinit(&tpm);
	return 0;
}
