/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Manifests: built, written, read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/attest/reference.h"
#include "remotetrans/base/filebytes.h"
#include "tests/lib/unit.h"
#include "tests/unit/attest/fake_program.h"
#include "tests/unit/attest/fake_tpm.h"

static struct fake_tpm t;
static struct manifest m;
static char path[64];

static void build(const uint8_t *image, size_t image_bytes)
{
	struct eventlog l;

	fake_tpm_init(&t);
	fake_firmware(&t);
	fake_key(&t, 1);
	fake_separator(&t, RTLAUNCH_PCR);
	CHECK_OK(eventlog_read(t.log_bytes, t.log.used_bytes, &l));
	CHECK_OK(reference_build(&l, &(struct digest_part){image, image_bytes}, image != NULL, &m));
	eventlog_deinit(&l);
	fake_tpm_deinit(&t);
	snprintf(path, sizeof(path), "/tmp/rt-manifest.%d", getpid());
}

TEST(manifest, of_a_log_is_what_its_host_measured)
{
	uint8_t value[32];
	bool known;

	build(NULL, 0);
	for (uint32_t pcr = 0; pcr < 15; pcr++) {
		CHECK_OK(manifest_value(&m, pcr, value, &known));
		CU_ASSERT_EQUAL(known, pcr != 1 && pcr != 5);
		CU_ASSERT(!known || memcmp(value, t.pcrs[pcr], sizeof(value)) == 0);
	}
	CHECK_OK(manifest_value(&m, RTLAUNCH_PCR, value, &known));
	CU_ASSERT_FALSE(known);
	CU_ASSERT_EQUAL(m.pcrs[RTLAUNCH_PCR].count, 3); /* no keys */
	CU_ASSERT_STRING_EQUAL(m.pcrs[RTLAUNCH_PCR].events[2].note, MANIFEST_RAMDISK);
	manifest_deinit(&m);
}

TEST(manifest, of_an_image_has_its_hash_and_parts)
{
	uint8_t p[PROGRAM_BYTES], digest[32];

	fake_program(p);
	build(p, sizeof(p));
	CU_ASSERT_EQUAL(m.pcrs[4].count, 3);
	CU_ASSERT_STRING_EQUAL(m.pcrs[4].events[2].note, MANIFEST_IMAGE);
	CU_ASSERT_EQUAL(m.pcrs[RTLAUNCH_PCR].count, 1);
	CU_ASSERT_STRING_EQUAL(m.pcrs[RTLAUNCH_PCR].events[0].note, MANIFEST_CONFIG);
	CHECK_OK(digest_bytes(p + 0x300, 0xf0, digest));
	CU_ASSERT_EQUAL(memcmp(m.pcrs[RTLAUNCH_PCR].events[0].digest, digest, 32), 0);
	manifest_deinit(&m);
}

TEST(manifest, of_what_is_no_program_is_refused)
{
	struct eventlog l = {0};

	CHECK_ERR(reference_build(&l, &(struct digest_part){"ELF", 3}, 1, &m), ERR_USAGE);
}

static bool pcrs_equal(const struct manifest_pcr *a, const struct manifest_pcr *b)
{
	return a->rule == b->rule && a->count == b->count &&
	       (!a->count || memcmp(a->events, b->events, a->count * sizeof(*a->events)) == 0);
}

TEST(manifest, read_is_what_was_written)
{
	struct manifest again;
	uint8_t *text, digest[32];
	size_t len;

	build(NULL, 0);
	m.locality = 3;
	snprintf(m.name, sizeof(m.name), "host \"one\"");
	CHECK_OK(manifest_write(&m, path));
	CHECK_OK(manifest_read(path, &again));
	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++)
		CU_ASSERT(pcrs_equal(&m.pcrs[pcr], &again.pcrs[pcr]));
	CU_ASSERT_STRING_EQUAL(again.name, "host \"one\"");
	CU_ASSERT_EQUAL(again.locality, 3);
	CHECK_OK(filebytes_read(path, MANIFEST_BYTES_MAX, &text, &len));
	CHECK_OK(digest_bytes(text, len, digest));
	CU_ASSERT_EQUAL(memcmp(again.hash, digest, sizeof(digest)), 0);
	free(text);
	manifest_deinit(&again);
	manifest_deinit(&m);
	unlink(path);
}

static const struct err *read_text(const char *text)
{
	snprintf(path, sizeof(path), "/tmp/rt-manifest.%d", getpid());
	CHECK_OK(filebytes_replace(path, text, strlen(text)));
	const struct err *e = manifest_read(path, &m);
	unlink(path);
	return e;
}

static bool says(const struct err *e, const char *what)
{
	if (!e || e->kind != ERR_USAGE || !strstr(e->message, what))
		fprintf(stderr, "\n    %s\n", e ? e->message : "read");
	return e && e->kind == ERR_USAGE && strstr(e->message, what);
}

TEST(manifest, what_is_none_is_refused_with_its_place)
{
	CU_ASSERT(says(manifest_read("/none", &m), "cannot read /none"));
	CU_ASSERT(says(read_text(""), ":1: "));
	CU_ASSERT(says(read_text("[]"), "no version"));
	CU_ASSERT(says(read_text("{\"version\": \"1\"}"), "no version"));
	CU_ASSERT(
		says(read_text("{\"version\": 2}"), "of version 2, this program reads version 1"));
	CU_ASSERT(says(read_text("{\"version\": 1, \"version\": 1}"), "duplicate"));
	CU_ASSERT(says(read_text("{\"version\": 1, \"name\": \"\", \"startup_locality\": 0, "
				 "\"pcrs\": [], \"more\": 0}"),
		       "more"));
	CU_ASSERT(says(read_text("{\"version\": 1, \"name\": \"\", \"startup_locality\": 5, "
				 "\"pcrs\": []}"),
		       "no locality 5"));
	CU_ASSERT(says(read_text("{\"version\": 1, \"name\": \"\", \"startup_locality\": 0, "
				 "\"pcrs\": {}}"),
		       "PCR 0"));
	CU_ASSERT(says(read_text("{\"version\": 1, \"name\": \"\", \"startup_locality\": 0, "
				 "\"pcrs\": [{\"pcr\": 0, \"rule\": \"any\", \"events\": []}]}"),
		       "PCR 0: no rule 'any'"));
	CU_ASSERT(says(read_text("{\"version\": 1, \"name\": \"\", \"startup_locality\": 0, "
				 "\"pcrs\": [{\"pcr\": 0, \"rule\": \"types\", \"events\": "
				 "[{\"type\": \"EV_X\"}]}]}"),
		       "PCR 0: event 1: no event type 'EV_X'"));
	CU_ASSERT(says(read_text("{\"version\": 1, \"name\": \"\", \"startup_locality\": 0, "
				 "\"pcrs\": [{\"pcr\": 0, \"rule\": \"exact\", \"events\": "
				 "[{\"type\": \"EV_IPL\"}]}]}"),
		       "a digest is for the rule 'exact', and is needed there"));
}

TEST(manifest, has_no_more_events_than_a_log)
{
	m = (struct manifest){0};
	for (unsigned i = 0; i < EVENTLOG_EVENTS_MAX; i++)
		CHECK_OK(manifest_add(&m, 0, 13, NULL, ""));
	CHECK_ERR(manifest_add(&m, 0, 13, NULL, ""), ERR_USAGE);
	CHECK_OK(manifest_add(&m, 2, 13, NULL, "a\033[1m"));
	CU_ASSERT_STRING_EQUAL(m.pcrs[2].events[0].note, "a?[1m");
	manifest_deinit(&m);
}
