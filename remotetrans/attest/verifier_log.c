/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows about the event log. Input: attacker-controlled. */
#include <string.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/attest/verifier.h"

const struct err *verify_log(struct verifier *v, struct attest_row *row)
{
	const struct err *e;

	if (v->e->log_bytes > RTLAUNCH_LOG_BYTES_MAX)
		return row_fail(row, "%u bytes are too long", v->e->log_bytes);
	e = eventlog_read(v->e->log, v->e->log_bytes, &v->log);
	if (e)
		return row_malformed(row, e);
	return row_pass(row, "%u events", v->log.count);
}

const struct err *verify_replay(struct verifier *v, struct attest_row *row)
{
	uint8_t value[EVENTLOG_DIGEST], bad_value[EVENTLOG_DIGEST] = {0};
	char led[17], quoted[17];
	unsigned bad = 0, bad_count = 0;

	for (unsigned pcr = 0; pcr < EVENTLOG_PCRS; pcr++) {
		if (!(v->quote.selection >> pcr & 1))
			continue;
		TRY(eventlog_replay(&v->log, pcr, value));
		if (memcmp(value, v->values[pcr], sizeof(value)) == 0) {
			v->facts |= FACT_REPLAYED(pcr);
		} else if (!bad_count++) {
			bad = pcr;
			memcpy(bad_value, value, sizeof(value));
		}
	}
	if (!bad_count)
		return row_pass(row, "the log leads to the quoted values");
	digest_hex(bad_value, 8, led);
	digest_hex(v->values[bad], 8, quoted);
	return row_fail(row,
			"PCR %u: the log leads to %s..., the quote has %s...%s: it is of "
			"another boot, or was changed",
			bad, led, quoted, bad_count > 1 ? "; others differ, too" : "");
}
