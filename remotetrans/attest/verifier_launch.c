/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows about RTLAUNCH_PCR: parts, keys, a separator, and nothing else. Input: attacker-controlled,
 * but these are the events that were extended, in this order.
 */
#include <string.h>

#include "remotetrans/attest/launch.h"
#include "remotetrans/attest/verifier.h"

/* The first event that is no part, moving *@at past it. NULL: there is none. */
static const struct event *parts_skip(const struct verifier *v, unsigned *at)
{
	const struct event *e;

	while ((e = eventlog_next(&v->log, RTLAUNCH_PCR, at)))
		if (launch_kind(e) != LAUNCH_PART)
			return e;
	return NULL;
}

/* As parts_skip(), of what are no keys either. */
static const struct event *keys_skip(const struct verifier *v, unsigned *at)
{
	const struct event *e = parts_skip(v, at);

	while (e && launch_kind(e) == LAUNCH_KEY)
		e = eventlog_next(&v->log, RTLAUNCH_PCR, at);
	return e;
}

static void key_keep(struct attest_report *r, const uint8_t *key)
{
	memcpy(r->vmm_keys[r->key_count++], key, sizeof(r->vmm_keys[0]));
}

const struct err *verify_keys(struct verifier *v, struct attest_row *row)
{
	struct attest_report *r = v->report;
	unsigned at = 0;
	const struct event *e = parts_skip(v, &at);

	for (; e && launch_kind(e) == LAUNCH_KEY; e = eventlog_next(&v->log, RTLAUNCH_PCR, &at)) {
		const uint8_t *key = launch_key(e);

		if (!key)
			return row_fail(row, "event %u: its data are not the key that was extended",
					at);
		if (r->key_count == ATTEST_KEYS_MAX)
			return row_fail(row, "more than %u keys", ATTEST_KEYS_MAX);
		key_keep(r, key);
	}
	if (!r->key_count)
		return row_fail(row, "no VMM extended its key%s", e ? " before the separator" : "");
	return row_pass(row, "%u", r->key_count);
}

const struct err *verify_separator(struct verifier *v, struct attest_row *row)
{
	unsigned at = 0;
	const struct event *e = keys_skip(v, &at);

	if (!e)
		return row_fail(row, "there is none: whatever runs on the host can still add a "
				     "key");
	if (launch_kind(e) != LAUNCH_SEPARATOR)
		return row_fail(row, "event %u comes between the keys and it", at);
	return row_pass(row, "event %u", at);
}

const struct err *verify_end(struct verifier *v, struct attest_row *row)
{
	unsigned at = 0, after = 0, number = 0;

	(void)keys_skip(v, &at);
	for (; eventlog_next(&v->log, RTLAUNCH_PCR, &at); after++)
		number = after ? number : at;
	if (after)
		return row_fail(row,
				"event %u was extended after the separator, by whatever ran "
				"after the VMM%s",
				number, after > 1 ? "; more follow" : "");
	return row_pass(row, "nothing");
}

const struct err *verify_session_key(struct verifier *v, struct attest_row *row)
{
	const struct attest_report *r = v->report;

	for (unsigned i = 0; i < r->key_count; i++)
		if (memcmp(r->vmm_keys[i], v->p->vmm_key, sizeof(r->vmm_keys[i])) == 0)
			return row_pass(row, "the log's key %u", i + 1);
	return row_fail(row, "the session's key is not one that the VMM extended");
}
