/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict, over evidence that a TPM in software signs: also what no real one would. */
#include <stdio.h>
#include <string.h>

#include "remotetrans/attest/reference.h"
#include "tests/lib/unit.h"
#include "tests/unit/attest/fake_tpm.h"

static const uint8_t nonce[32] = "a nonce that was not seen before";

struct host {
	struct fake_tpm tpm;
	struct manifest manifest;
	struct attest_policy policy;
	struct attest_report report;
};
static struct host h;

static void manifest_of_now(void)
{
	struct eventlog l;

	CHECK_OK(eventlog_read(h.tpm.log_bytes, h.tpm.log.used_bytes, &l));
	CHECK_OK(reference_build(&l, NULL, 0, &h.manifest));
	eventlog_deinit(&l);
}

static void begin(void)
{
	memset(&h, 0, sizeof(h));
	fake_tpm_init(&h.tpm);
	h.policy = (struct attest_policy){
		.manifest = &h.manifest, .ak_name = h.tpm.ak_name, .qualifying = nonce};
}

static void end(void)
{
	manifest_deinit(&h.manifest);
	fake_tpm_deinit(&h.tpm);
}

/* Up to where keys come. */
static void boot(void)
{
	begin();
	fake_firmware(&h.tpm);
	manifest_of_now();
}

static void boot_with_key(void)
{
	boot();
	fake_key(&h.tpm, 0xa1);
	fake_separator(&h.tpm, RTLAUNCH_PCR);
	fake_quote(&h.tpm, ATTEST_PCRS, nonce);
}

static CU_BOOL passes(void)
{
	CHECK_OK(attest_verify(&h.tpm.e, &h.policy, &h.report));
	const struct attest_row *row = attest_first_failure(&h.report);

	if (row)
		fprintf(stderr, "\n    %s: %s\n", row->name, row->reason);
	return h.report.passed;
}

/* That row is the first that fails, and says so; nothing is to be had of the report. */
static CU_BOOL refuses(const char *name, const char *reason)
{
	CHECK_OK(attest_verify(&h.tpm.e, &h.policy, &h.report));
	const struct attest_row *row = attest_first_failure(&h.report);
	bool good = row && strcmp(row->name, name) == 0 && strstr(row->reason, reason) &&
		    !h.report.passed && !h.report.key_count && !h.report.vmm_keys[0][0];

	if (!good)
		fprintf(stderr, "\n    %s: %s\n", row ? row->name : "passed",
			row ? row->reason : "");
	return good;
}

static enum attest_status status_of(const char *name)
{
	for (unsigned i = 0; i < h.report.row_count; i++)
		if (strcmp(h.report.rows[i].name, name) == 0)
			return h.report.rows[i].status;
	return ATTEST_FAILED;
}

TEST(verifier, a_good_host_passes_every_row)
{
	uint8_t key[32];

	boot_with_key();
	CU_ASSERT(passes());
	memset(key, 0xa1, sizeof(key));
	CU_ASSERT_EQUAL(h.report.key_count, 1);
	CU_ASSERT(memcmp(h.report.vmm_keys[0], key, sizeof(key)) == 0);
	CU_ASSERT_EQUAL(h.report.reset_count, 7);
	unsigned rows = h.report.row_count;
	h.policy.vmm_key = key;
	CU_ASSERT(passes());
	CU_ASSERT_EQUAL(h.report.row_count, rows + 1);
	key[31] ^= 1;
	CU_ASSERT(refuses("session's key", "not one that the VMM extended"));
	end();
}

TEST(verifier, a_quote_may_cover_more)
{
	boot_with_key();
	fake_measure(&h.tpm, 10, RTLAUNCH_EVENT, "IMA", 3, NULL);
	fake_quote(&h.tpm, ATTEST_PCRS | 1u << 10, nonce);
	CU_ASSERT(passes());
	end();
}

TEST(verifier, what_depends_on_a_failure_is_skipped_not_passed)
{
	boot_with_key();
	h.tpm.signature.bytes[20] ^= 1;
	CU_ASSERT(refuses("signature", "not that key's"));
	CU_ASSERT_EQUAL(status_of("event log"), ATTEST_PASSED);
	CU_ASSERT_EQUAL(status_of("nonce"), ATTEST_SKIPPED);
	CU_ASSERT_EQUAL(status_of("replay"), ATTEST_SKIPPED);
	CU_ASSERT_EQUAL(status_of("PCR 4"), ATTEST_SKIPPED);
	CU_ASSERT_EQUAL(status_of("VMM key"), ATTEST_SKIPPED);
	h.tpm.e.ak_public_bytes = 0;
	CU_ASSERT(refuses("enrolled AK", "malformed"));
	CU_ASSERT_EQUAL(status_of("AK attributes"), ATTEST_SKIPPED);
	end();
}

TEST(verifier, evidence_of_no_bytes_is_refused)
{
	boot_with_key();
	h.tpm.e = (struct evidence){0};
	CU_ASSERT(refuses("enrolled AK", "malformed"));
	CU_ASSERT_EQUAL(status_of("quote structure"), ATTEST_FAILED);
	CU_ASSERT_EQUAL(status_of("event log"), ATTEST_FAILED);
	end();
}

TEST(verifier, a_host_that_is_not_enrolled_fails)
{
	boot_with_key();
	h.policy.ak_name = NULL;
	CU_ASSERT(refuses("enrolled AK", "no TPM is enrolled"));
	CU_ASSERT_EQUAL(status_of("after the separator"), ATTEST_PASSED);
	end();
}

TEST(verifier, every_attribute_of_an_ak_counts)
{
	static const struct {
		uint32_t flipped;
		const char *reason;
	} rows[] = {{0x00010000, "not restricted"},      {0x00040000, "not a signing key"},
		    {0x00020000, "a key that decrypts"}, {0x00000002, "not fixedTPM"},
		    {0x00000010, "not fixedParent"},     {0x00000020, "made outside the TPM"}};

	boot_with_key();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		fake_public(&h.tpm, FAKE_AK_ATTRIBUTES ^ rows[i].flipped);
		h.tpm.e.ak_public_bytes = (uint32_t)h.tpm.ak_public.len_bytes;
		CU_ASSERT(refuses("AK attributes", rows[i].reason));
	}
	end();
}

TEST(verifier, what_no_tpm_generated_is_refused)
{
	boot_with_key();
	h.tpm.quote.bytes[0] = 0;
	fake_sign(&h.tpm);
	CU_ASSERT(refuses("quote structure", "no TPM made it"));
	end();
}

TEST(verifier, pcrs_that_nothing_was_measured_into_are_refused)
{
	boot_with_key();
	memset(h.tpm.pcrs[6], 0xff, sizeof(h.tpm.pcrs[6]));
	fake_quote(&h.tpm, ATTEST_PCRS, nonce);
	CU_ASSERT(refuses("PCR values", "PCR 6 is all FF"));
	memset(h.tpm.pcrs[RTLAUNCH_PCR], 0, sizeof(h.tpm.pcrs[0]));
	memset(h.tpm.pcrs[6], 1, sizeof(h.tpm.pcrs[6]));
	fake_quote(&h.tpm, ATTEST_PCRS, nonce);
	CU_ASSERT(refuses("PCR values", "PCR 15 is all 00"));
	end();
}

TEST(verifier, values_that_are_too_few_or_too_many_are_refused)
{
	boot_with_key();
	h.tpm.e.pcrs_bytes -= 32;
	CU_ASSERT(refuses("PCR values", "do not belong to this selection"));
	h.tpm.e.pcrs_bytes += 33;
	CU_ASSERT(refuses("PCR values", "do not belong to this selection"));
	end();
}

TEST(verifier, a_log_that_was_made_for_other_pcrs_is_refused)
{
	boot_with_key();
	fake_log(&h.tpm, 3, RTLAUNCH_EVENT, "x", 1, nonce);
	h.tpm.e.log_bytes = (uint32_t)h.tpm.log.used_bytes;
	CU_ASSERT(refuses("replay", "PCR 3: the log leads to"));
	CU_ASSERT_EQUAL(status_of("PCR 3"), ATTEST_SKIPPED);
	CU_ASSERT_EQUAL(status_of("PCR 2"), ATTEST_PASSED);
	CU_ASSERT_EQUAL(status_of("VMM key"), ATTEST_PASSED);
	end();
}

TEST(verifier, another_locality_is_another_pcr_0)
{
	static const uint8_t three[17] = "StartupLocality\0\3";

	begin();
	fake_log(&h.tpm, 0, 3, three, sizeof(three), nonce);
	h.tpm.pcrs[0][31] = 3;
	fake_firmware(&h.tpm);
	manifest_of_now();
	CU_ASSERT_EQUAL(h.manifest.locality, 3);
	fake_key(&h.tpm, 1);
	fake_separator(&h.tpm, RTLAUNCH_PCR);
	fake_quote(&h.tpm, ATTEST_PCRS, nonce);
	CU_ASSERT(passes());
	h.manifest.locality = 0;
	CU_ASSERT(refuses("PCR 0", "the TPM was started from locality 3, the manifest has 0"));
	end();
}

TEST(verifier, a_type_is_not_hashed_and_still_must_fit)
{
	boot_with_key();
	for (size_t i = 0; i + 4 < h.tpm.log.used_bytes; i++)
		if (memcmp(h.tpm.log_bytes + i, "\x07\0\0\x80", 4) == 0)
			h.tpm.log_bytes[i] = 5;
	CU_ASSERT(refuses("PCR 4", "is called an event of type 0x80000005"));
	end();
}

TEST(verifier, which_part_of_the_image_differs_is_said)
{
	uint8_t image[32], ramdisk[32] = {1};

	boot();
	memset(image, 'j', sizeof(image));
	memcpy(h.manifest.pcrs[4].events[2].digest, image, sizeof(image));
	snprintf(h.manifest.pcrs[4].events[2].note, 8, MANIFEST_IMAGE);
	fake_key(&h.tpm, 1);
	fake_separator(&h.tpm, RTLAUNCH_PCR);
	fake_quote(&h.tpm, ATTEST_PCRS, nonce);
	CU_ASSERT(refuses("PCR 4", "image) is 69696969..., the manifest has 6a6a6a6a...; the image "
				   "is another one: not its configuration, kernel or initramfs"));
	memcpy(h.manifest.pcrs[RTLAUNCH_PCR].events[2].digest, ramdisk, sizeof(ramdisk));
	CU_ASSERT(refuses("PCR 4", "the image is another one: its initramfs differs"));
	CU_ASSERT_EQUAL(status_of("PCR 15"), ATTEST_FAILED);
	memcpy(h.manifest.pcrs[RTLAUNCH_PCR].events[0].digest, ramdisk, sizeof(ramdisk));
	CU_ASSERT(refuses("PCR 4", "another one: its configuration, initramfs differ"));
	end();
}

TEST(verifier, as_many_keys_as_there_is_room_for)
{
	boot();
	for (unsigned i = 0; i < ATTEST_KEYS_MAX; i++)
		fake_key(&h.tpm, (uint8_t)(i + 1));
	struct fake_tpm *t = &h.tpm;
	size_t used = t->log.used_bytes;
	uint8_t pcr[32];
	memcpy(pcr, t->pcrs[RTLAUNCH_PCR], sizeof(pcr));
	fake_separator(t, RTLAUNCH_PCR);
	fake_quote(t, ATTEST_PCRS, nonce);
	CU_ASSERT(passes());
	CU_ASSERT_EQUAL(h.report.key_count, ATTEST_KEYS_MAX);
	t->log.used_bytes = used;
	memcpy(t->pcrs[RTLAUNCH_PCR], pcr, sizeof(pcr));
	fake_key(t, 0xff);
	fake_separator(t, RTLAUNCH_PCR);
	fake_quote(t, ATTEST_PCRS, nonce);
	CU_ASSERT(refuses("VMM key", "more than 64 keys"));
	end();
}

TEST(verifier, a_key_event_of_another_length_is_refused)
{
	boot();
	fake_measure(&h.tpm, RTLAUNCH_PCR, RTLAUNCH_EVENT, RTLAUNCH_KEY_LABEL "0123", 25, NULL);
	fake_separator(&h.tpm, RTLAUNCH_PCR);
	fake_quote(&h.tpm, ATTEST_PCRS, nonce);
	CU_ASSERT(refuses("VMM key", "its data are not the key that was extended"));
	end();
}

TEST(verifier, a_separator_that_is_only_called_one_does_not_close)
{
	boot();
	fake_key(&h.tpm, 1);
	fake_measure(&h.tpm, RTLAUNCH_PCR, RTLAUNCH_SEPARATOR, "\1\0\0\0", 4, NULL);
	fake_quote(&h.tpm, ATTEST_PCRS, nonce);
	CU_ASSERT(refuses("separator", "comes between the keys and it"));
	end();
}

TEST(verifier, a_log_that_is_too_long_is_refused)
{
	boot_with_key();
	h.tpm.e.log_bytes = RTLAUNCH_LOG_BYTES_MAX + 1;
	CU_ASSERT(refuses("event log", "too long"));
	end();
}

/* printf 'RemoteTrans attestation 1' and 32 times \x11, 'hello' | sha256sum */
TEST(verifier, a_quote_is_bound_to_nonce_and_hello)
{
	uint8_t n[32], a[32], b[32];

	memset(n, 0x11, sizeof(n));
	CHECK_OK(attest_qualifying(n, (const uint8_t *)"hello", 5, a));
	CU_ASSERT_EQUAL(memcmp(a, "\x8d\x19\x3b\x35", 4), 0);
	CHECK_OK(attest_qualifying(n, (const uint8_t *)"hellp", 5, b));
	CU_ASSERT_NOT_EQUAL(memcmp(a, b, sizeof(a)), 0);
	n[0] ^= 1;
	CHECK_OK(attest_qualifying(n, (const uint8_t *)"hello", 5, b));
	CU_ASSERT_NOT_EQUAL(memcmp(a, b, sizeof(a)), 0);
}
