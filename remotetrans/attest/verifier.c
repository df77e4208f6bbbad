/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict: which rows there are, in which order, and what each builds on. */
#include "remotetrans/attest/verifier.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "remotetrans/attest/compare.h"
#include "remotetrans/attest/digest.h"
#include "remotetrans/base/check.h"
#include "remotetrans/base/printable.h"

struct step {
	const char *name;
	uint64_t needs, gives; /* FACT_... */
	verifier_check *check;
};

/* the selection has them */
#define REPLAYED_ALL ((uint64_t)ATTEST_PCRS)
#define LAUNCH       FACT_REPLAYED(RTLAUNCH_PCR)

static const struct step quote_steps[] = {
	{"enrolled AK", 0, FACT_AK, verify_ak_name},
	{"AK attributes", FACT_AK, 0, verify_ak_attributes},
	{"quote structure", 0, FACT_QUOTE, verify_quote},
	{"signature", FACT_AK | FACT_QUOTE, FACT_SIGNED, verify_signature},
	{"nonce", FACT_SIGNED, 0, verify_nonce},
	{"bank", FACT_SIGNED, FACT_BANK, verify_bank},
	{"PCR selection", FACT_BANK, FACT_SELECTION, verify_selection},
	{"PCR values", FACT_SELECTION, FACT_VALUES, verify_values},
	{"event log", 0, FACT_LOG, verify_log},
	{"replay", FACT_LOG | FACT_VALUES, REPLAYED_ALL, verify_replay},
};

static const struct step launch_steps[] = {
	{"VMM key", LAUNCH, FACT_KEYS, verify_keys},
	{"separator", LAUNCH, FACT_SEPARATOR, verify_separator},
	{"after the separator", FACT_SEPARATOR, 0, verify_end},
};

static const struct step session_step = {"session's key", FACT_KEYS, 0, verify_session_key};

static const char *const pcr_names[EVENTLOG_PCRS] = {
	"PCR 0",  "PCR 1",  "PCR 2",  "PCR 3",  "PCR 4",  "PCR 5",  "PCR 6",  "PCR 7",
	"PCR 8",  "PCR 9",  "PCR 10", "PCR 11", "PCR 12", "PCR 13", "PCR 14", "PCR 15",
	"PCR 16", "PCR 17", "PCR 18", "PCR 19", "PCR 20", "PCR 21", "PCR 22", "PCR 23",
};

#define ROW_COUNT(steps) (sizeof(steps) / sizeof(*(steps)))
_Static_assert(ROW_COUNT(quote_steps) + EVENTLOG_PCRS + ROW_COUNT(launch_steps) + 1 <=
		       ATTEST_ROWS_MAX,
	       "rows");

/* --- rows --------------------------------------------------------------------------------------
 */

static void row_set(struct attest_row *row, enum attest_status status, const char *format,
		    va_list args)
{
	row->status = status;
	vsnprintf(row->reason, sizeof(row->reason), format, args);
	printable_clean(row->reason);
}

const struct err *row_pass(struct attest_row *row, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	row_set(row, ATTEST_PASSED, format, args);
	va_end(args);
	return NULL;
}

const struct err *row_fail(struct attest_row *row, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	row_set(row, ATTEST_FAILED, format, args);
	va_end(args);
	return NULL;
}

const struct err *row_malformed(struct attest_row *row, const struct err *e)
{
	return e->kind == ERR_PROTO ? row_fail(row, "%.190s", e->message) : e;
}

static struct attest_row *row_new(struct verifier *v, const char *name)
{
	struct attest_row *row = &v->report->rows[v->report->row_count++];

	*row = (struct attest_row){.name = name, .status = ATTEST_SKIPPED};
	snprintf(row->reason, sizeof(row->reason), "not judged, after what failed above");
	return row;
}

/* The one place where a failure could be overlooked. */
static bool row_holds(struct attest_row *row)
{
	if (!CHECK_NAMED(row->name, row->status == ATTEST_PASSED))
		return false;
	row->status = ATTEST_PASSED;
	return true;
}

/* --- steps -------------------------------------------------------------------------------------
 */

static const struct err *step_run(struct verifier *v, const struct step *s)
{
	struct attest_row *row = row_new(v, s->name);

	if ((v->facts & s->needs) != s->needs)
		return NULL;
	TRY(s->check(v, row));
	if (row_holds(row))
		v->facts |= s->gives;
	return NULL;
}

static const struct err *steps_run(struct verifier *v, const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		TRY(step_run(v, &steps[i]));
	return NULL;
}

static void pcr_run(struct verifier *v, uint32_t pcr)
{
	struct attest_row *row = row_new(v, pcr_names[pcr]);

	if (!(v->facts & FACT_REPLAYED(pcr)))
		return;
	row->status = compare_pcr(v->p->manifest, &v->log, pcr, row->reason) ? ATTEST_PASSED
									     : ATTEST_FAILED;
	(void)row_holds(row);
}

static const struct err *all_run(struct verifier *v)
{
	TRY(steps_run(v, quote_steps, ROW_COUNT(quote_steps)));
	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++)
		if (ATTEST_PCRS >> pcr & 1)
			pcr_run(v, pcr);
	TRY(steps_run(v, launch_steps, ROW_COUNT(launch_steps)));
	return v->p->vmm_key ? step_run(v, &session_step) : NULL;
}

static bool all_passed(const struct attest_report *r)
{
	for (unsigned i = 0; i < r->row_count; i++)
		if (r->rows[i].status != ATTEST_PASSED)
			return false;
	return r->row_count > 0;
}

const struct err *attest_verify(const struct evidence *e, const struct attest_policy *p,
				struct attest_report *ret)
{
	struct verifier v = {.e = e, .p = p, .report = ret};

	*ret = (struct attest_report){0};
	const struct err *failed = all_run(&v);
	ret->passed = !failed && all_passed(ret);
	if (ret->passed) {
		ret->reset_count = v.quote.reset_count;
		ret->restart_count = v.quote.restart_count;
	} else {
		memset(ret->vmm_keys, 0, sizeof(ret->vmm_keys));
		ret->key_count = 0;
	}
	tpm_public_deinit(&v.ak);
	eventlog_deinit(&v.log);
	return failed;
}

const struct attest_row *attest_first_failure(const struct attest_report *r)
{
	for (unsigned i = 0; i < r->row_count; i++)
		if (r->rows[i].status == ATTEST_FAILED)
			return &r->rows[i];
	return NULL;
}

const struct err *attest_qualifying(const uint8_t nonce[32], const uint8_t *hello,
				    uint32_t hello_bytes, uint8_t ret[32])
{
	static const char label[] = "RemoteTrans attestation 1";
	const struct digest_part parts[] = {
		{label, sizeof(label) - 1}, {nonce, DIGEST_BYTES}, {hello, hello_bytes}};

	return digest_parts(parts, sizeof(parts) / sizeof(*parts), ret);
}
