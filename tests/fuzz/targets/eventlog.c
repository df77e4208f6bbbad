/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event log, and the reference values that are made of it. Input: the log. */
#include "remotetrans/attest/compare.h"
#include "remotetrans/attest/launch.h"
#include "remotetrans/attest/reference.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t *from, *to;

static void check_event(const struct event *e)
{
	uint32_t type = ~e->type;
	char note[64];

	HOLDS(e->digest >= from && e->digest + EVENTLOG_DIGEST <= to);
	HOLDS(e->data >= from && e->data + e->data_bytes <= to);
	HOLDS(event_type_parse(event_type_name(e->type), &type) && type == e->type);
	event_note(e, note, sizeof(note));
	HOLDS(strlen(note) < sizeof(note));
	const uint8_t *key = launch_key(e);
	HOLDS(!key || (launch_kind(e) == LAUNCH_KEY && key + 32 == e->data + e->data_bytes));
}

/* A host fits the values that were made of its own log. */
static void check_reference(const struct eventlog *l)
{
	char reason[COMPARE_REASON_BYTES];
	uint8_t value[EVENTLOG_DIGEST], replayed[EVENTLOG_DIGEST];
	struct manifest m;
	bool known;

	HOLDS(!reference_build(l, NULL, 0, &m));
	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++) {
		bool fits = compare_pcr(&m, l, pcr, reason);

		HOLDS(fits || m.pcrs[pcr].rule == MANIFEST_TYPES || !(ATTEST_PCRS >> pcr & 1));
		HOLDS(!eventlog_replay(l, pcr, replayed));
		HOLDS(!manifest_value(&m, pcr, value, &known));
		HOLDS(!known || !(ATTEST_PCRS >> pcr & 1) ||
		      !memcmp(value, replayed, sizeof(value)));
	}
	manifest_deinit(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct eventlog l;
	const struct err *e = eventlog_read(bytes, len_bytes, &l);

	HOLDS(!e || e->kind == ERR_PROTO);
	if (e)
		return 0;
	from = bytes;
	to = bytes + len_bytes;
	HOLDS(l.count <= EVENTLOG_EVENTS_MAX);
	for (unsigned i = 0; i < l.count; i++)
		check_event(&l.events[i]);
	check_reference(&l);
	eventlog_deinit(&l);
	return 0;
}
