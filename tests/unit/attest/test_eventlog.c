/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event logs, whole and broken. */
#include <string.h>

#include "remotetrans/attest/digest.h"
#include "tests/lib/unit.h"
#include "tests/unit/attest/fake_tpm.h"

static struct fake_tpm t;
static struct eventlog l;

static const struct err *read_log(void)
{
	return eventlog_read(t.log_bytes, t.log.used_bytes, &l);
}

TEST(eventlog, replay_is_what_the_tpm_did)
{
	uint8_t value[32];
	unsigned at = 0;

	fake_tpm_init(&t);
	fake_firmware(&t);
	CHECK_OK(read_log());
	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++) {
		CHECK_OK(eventlog_replay(&l, pcr, value));
		CU_ASSERT_EQUAL(memcmp(value, t.pcrs[pcr], sizeof(value)), 0);
	}
	CU_ASSERT(event_is_separator(eventlog_next(&l, 3, &at)));
	CU_ASSERT_EQUAL(at, 7); /* as tpm2_eventlog numbers it */
	CU_ASSERT_PTR_NULL(eventlog_next(&l, 3, &at));
	eventlog_deinit(&l);
	fake_tpm_deinit(&t);
}

TEST(eventlog, what_is_no_action_extends_nothing)
{
	uint8_t value[32], zeros[32] = {0};

	fake_tpm_init(&t);
	fake_log(&t, 5, 3, "remark", 6, zeros);
	fake_log(&t, UINT32_MAX, 3, "remark", 6, zeros);
	CHECK_OK(read_log());
	CU_ASSERT_EQUAL(l.count, 2);
	CHECK_OK(eventlog_replay(&l, 5, value));
	CU_ASSERT_EQUAL(memcmp(value, zeros, sizeof(value)), 0);
	eventlog_deinit(&l);
	fake_tpm_deinit(&t);
}

TEST(eventlog, cut_anywhere_but_between_events_it_is_refused)
{
	size_t whole;
	unsigned cuts = 0;

	fake_tpm_init(&t);
	fake_firmware(&t);
	whole = t.log.used_bytes;
	while (t.log.used_bytes-- > 0)
		if (read_log())
			cuts++;
		else
			eventlog_deinit(&l);
	CU_ASSERT_EQUAL(cuts, whole - 15); /* events */
	fake_tpm_deinit(&t);
}

TEST(eventlog, an_event_on_a_pcr_that_there_is_not)
{
	uint8_t zeros[32] = {0};

	fake_tpm_init(&t);
	fake_log(&t, EVENTLOG_PCRS, 13, "x", 1, zeros);
	CHECK_ERR(read_log(), ERR_PROTO);
	fake_tpm_deinit(&t);
}

/* Where the digests of the first event begin: spec event, PCR, type. */
#define DIGESTS (32 + 33 + 8)

TEST(eventlog, digests_must_be_one_of_sha_256_each)
{
	fake_tpm_init(&t);
	fake_separator(&t, 0);
	t.log_bytes[DIGESTS] = 0; /* none */
	CHECK_ERR(read_log(), ERR_PROTO);
	t.log_bytes[DIGESTS] = 17;
	CHECK_ERR(read_log(), ERR_PROTO);
	t.log_bytes[DIGESTS] = 1;
	t.log_bytes[DIGESTS + 4] = 12; /* not announced */
	CHECK_ERR(read_log(), ERR_PROTO);
	t.log_bytes[DIGESTS + 4] = 11;
	CHECK_OK(read_log());
	eventlog_deinit(&l);
	t.log_bytes[DIGESTS] = 2; /* the data are read as the second */
	t.log_bytes[DIGESTS + 38] = 11;
	CHECK_ERR(read_log(), ERR_PROTO);
	fake_tpm_deinit(&t);
}

TEST(eventlog, the_first_record_says_what_follows)
{
	fake_tpm_init(&t);
	for (unsigned at = 32; at < 32 + 16; at++) { /* every byte of the signature */
		t.log_bytes[at] ^= 1;
		CHECK_ERR(read_log(), ERR_PROTO);
		t.log_bytes[at] ^= 1;
	}
	t.log_bytes[32 + 24] = 17; /* algorithms */
	CHECK_ERR(read_log(), ERR_PROTO);
	t.log_bytes[32 + 24] = 1;
	t.log_bytes[32 + 30] = 20; /* SHA-256 of 20 bytes */
	CHECK_ERR(read_log(), ERR_PROTO);
	t.log_bytes[32 + 30] = 32;
	CHECK_OK(read_log());
	eventlog_deinit(&l);
	t.log_bytes[4] = 4; /* not EV_NO_ACTION */
	CHECK_ERR(read_log(), ERR_PROTO);
	fake_tpm_deinit(&t);
}

TEST(eventlog, more_events_than_there_is_room_for)
{
	uint8_t zeros[32] = {0};

	fake_tpm_init(&t);
	for (unsigned i = 0; i < EVENTLOG_EVENTS_MAX; i++)
		fake_log(&t, 0, 3, "", 0, zeros);
	CHECK_OK(read_log());
	CU_ASSERT_EQUAL(l.count, EVENTLOG_EVENTS_MAX);
	eventlog_deinit(&l);
	fake_log(&t, 0, 3, "", 0, zeros);
	CHECK_ERR(read_log(), ERR_PROTO);
	fake_tpm_deinit(&t);
}

TEST(eventlog, data_count_where_their_digest_is_extended)
{
	uint8_t data[] = "data", digest[32];
	struct event e = {.digest = digest, .data = data, .data_bytes = 4};

	CHECK_OK(digest_bytes("data", 4, digest));
	CU_ASSERT(event_data_counts(&e));
	data[3] ^= 1;
	CU_ASSERT_FALSE(event_data_counts(&e));
	data[3] ^= 1;
	e.data_bytes = 3;
	CU_ASSERT_FALSE(event_data_counts(&e));
}

TEST(eventlog, types_have_names_both_ways)
{
	uint32_t type;

	CU_ASSERT_STRING_EQUAL(event_type_name(4), "EV_SEPARATOR");
	CU_ASSERT_STRING_EQUAL(event_type_name(0x80001234), "event 0x80001234");
	CU_ASSERT(event_type_parse("EV_EFI_BOOT_SERVICES_APPLICATION", &type));
	CU_ASSERT_EQUAL(type, 0x80000003);
	CU_ASSERT(event_type_parse("event 0x80001234", &type));
	CU_ASSERT_EQUAL(type, 0x80001234);
	CU_ASSERT_FALSE(event_type_parse("event 0x80001234x", &type));
	CU_ASSERT_FALSE(event_type_parse("EV_", &type));
}

TEST(eventlog, a_variables_event_is_named_after_it)
{
	/* UEFI_VARIABLE_DATA: GUID, 2 characters, 1 byte, "PK" */
	static const uint8_t data[37] = {[16] = 2, [24] = 1, [32] = 'P', [34] = 'K'};
	uint8_t digest[32];
	struct event e = {.type = 0x80000001, .digest = digest, .data = data, .data_bytes = 37};
	char note[64];

	event_note(&e, note, sizeof(note));
	CU_ASSERT_STRING_EQUAL(note, "PK");
	e.data_bytes = 35;
	event_note(&e, note, sizeof(note));
	CU_ASSERT_STRING_EQUAL(note, "");
	CHECK_OK(digest_bytes("text", 4, digest));
	e = (struct event){
		.type = 13, .digest = digest, .data = (const uint8_t *)"text", .data_bytes = 4};
	event_note(&e, note, 4);
	CU_ASSERT_STRING_EQUAL(note, "tex");
	digest[0] ^= 1;
	event_note(&e, note, sizeof(note));
	CU_ASSERT_STRING_EQUAL(note, "");
}
