/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare - the events of a log beside those of a manifest, and in words where they part. */
#ifndef RT_ATTEST_COMPARE_H
#define RT_ATTEST_COMPARE_H

#include "remotetrans/attest/eventlog.h"
#include "remotetrans/attest/manifest.h"

#define COMPARE_REASON_BYTES sizeof(((struct attest_row *)0)->reason)

/**
 * compare_pcr() - do the log's events of @pcr fit the manifest?
 * @ret_reason: out: COMPARE_REASON_BYTES: what was seen, or the first event that does not fit
 *
 * Of RTLAUNCH_PCR the parts alone, up to the first key. The log counts as far as it was replayed.
 */
bool compare_pcr(const struct manifest *m, const struct eventlog *l, uint32_t pcr,
		 char *ret_reason);

#endif
