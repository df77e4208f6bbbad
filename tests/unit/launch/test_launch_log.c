/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor's copy of the firmware's event log, built for user space. The firmware's memory
 * ends where the log does, so that AddressSanitizer sees a read beyond it.
 */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/unit.h"
#include "tests/unit/launch/efi/efi.h"
#include "vmm/core/bytes.h"
#include "vmm/xen/launch.h"
#include "vmm/xen/tcg2.h"

#define ROOM         (RTLAUNCH_LOG_BYTES_MAX + 4096u)
#define FIRST_BYTES  32u
#define EVENT_BYTES  (12u + 34 + 4) /* of one with a SHA-256 digest, without its data */
#define SHA1         0x04
#define SHA256       0x0b
#define SHA512       0x0d
#define STATUS_ERROR (UINT64_C(1) << 63 | 2)

static struct {
	uint8_t *bytes; /* the log */
	uint32_t used;
	int64_t last;
	struct tcg2_final_events *final;
	uint32_t final_used;
	EFI_STATUS status;
	bool truncated, has_final;
} firmware;

static jmp_buf boot_ended;

_Noreturn void blexit(const CHAR16 *message)
{
	(void)message;
	longjmp(boot_ended, 1);
}

_Noreturn void PrintErrMesg(const CHAR16 *message, EFI_STATUS status)
{
	(void)status;
	blexit(message);
}

static EFI_STATUS EFIAPI log_get(struct tcg2 *this, UINT32 format, EFI_PHYSICAL_ADDRESS *first,
				 EFI_PHYSICAL_ADDRESS *last, BOOLEAN *truncated)
{
	(void)this;
	CU_ASSERT_EQUAL(format, TCG2_LOG_TCG_2);
	*first = (UINTN)firmware.bytes;
	*last = (UINTN)firmware.bytes + (UINTN)firmware.last;
	*truncated = firmware.truncated;
	return firmware.status;
}

/* --- a firmware ------------------------------------------------------------------------------ */

static void firmware_reset(void)
{
	free(firmware.bytes);
	free(firmware.final);
	memset(&firmware, 0, sizeof(firmware));
	firmware.has_final = true;
	firmware.final = calloc(1, ROOM);
	firmware.bytes = calloc(1, ROOM);
	firmware.used = FIRST_BYTES; /* TCG_EfiSpecIDEvent; here without data */
	memset(remotetrans_log, 0xee, sizeof(remotetrans_log));
	remotetrans_log_bytes = 0;
}

/* A TCG_PCR_EVENT2 at @at, with one digest and @data_bytes of data. */
static uint32_t event_write(uint8_t *at, uint8_t algorithm, uint32_t digest, uint32_t data_bytes)
{
	bytes_store_le32(at, RTLAUNCH_PCR);
	bytes_store_le32(at + 4, RTLAUNCH_EVENT);
	bytes_store_le32(at + 8, 1);
	at[12] = algorithm;
	memset(at + 14, 0xd0, digest);
	bytes_store_le32(at + 14 + digest, data_bytes);
	memset(at + 18 + digest, 0xda, data_bytes);
	return 18 + digest + data_bytes;
}

static uint8_t *log_add(uint8_t algorithm, uint32_t digest, uint32_t data_bytes)
{
	firmware.last = firmware.used;
	firmware.used += event_write(firmware.bytes + firmware.used, algorithm, digest, data_bytes);
	return firmware.bytes + firmware.last;
}

static uint8_t *final_add(uint32_t data_bytes)
{
	uint8_t *at = firmware.final->events + firmware.final_used;

	firmware.final_used += event_write(at, SHA256, 32, data_bytes);
	firmware.final->count++;
	return at;
}

/* False: the boot was ended. */
static bool begins(void)
{
	static struct tcg2 tcg2 = {.get_event_log = log_get};
	EFI_CONFIGURATION_TABLE tables[2] = {{.VendorGuid = {1}}};
	EFI_SYSTEM_TABLE st = {firmware.has_final ? 2 : 1, tables};

	tables[1] = (EFI_CONFIGURATION_TABLE){EFI_TCG2_FINAL_EVENTS_TABLE_GUID, firmware.final};
	if (setjmp(boot_ended))
		return false;
	launch_log_begin(&tcg2, &st);
	return true;
}

/* The memory behind the log is gone. */
static void firmware_trim(void)
{
	firmware.bytes = realloc(firmware.bytes, firmware.used);
}

static bool is_copied(void)
{
	return remotetrans_log_bytes == firmware.used &&
	       memcmp(remotetrans_log, firmware.bytes, firmware.used) == 0;
}

/* --- the log --------------------------------------------------------------------------------- */

TEST(launch_log, it_ends_with_its_last_event)
{
	firmware_reset();
	log_add(SHA1, 20, 0);
	log_add(SHA512, 64, 7);
	log_add(SHA256, 32, 1000);
	firmware_trim();
	CU_ASSERT_TRUE(begins());
	CU_ASSERT_TRUE(is_copied());
	CU_ASSERT_EQUAL(remotetrans_log[remotetrans_log_bytes], 0xee);
}

TEST(launch_log, the_first_event_may_be_the_last)
{
	firmware_reset();
	firmware.used = FIRST_BYTES + 33;
	bytes_store_le32(firmware.bytes + FIRST_BYTES - 4, 33);
	firmware_trim();
	CU_ASSERT_TRUE(begins());
	CU_ASSERT_TRUE(is_copied());
}

TEST(launch_log, an_event_has_a_digest_of_each_bank)
{
	uint8_t *at;

	firmware_reset();
	at = log_add(SHA1, 20, 0);
	bytes_store_le32(at + 8, 3);
	at += 34;
	*at = SHA256;
	at += 34;
	*at = SHA512;
	at += 66;
	bytes_store_le32(at, 5);
	firmware.used = (uint32_t)(at + 4 + 5 - firmware.bytes);
	firmware_trim();
	CU_ASSERT_TRUE(begins());
	CU_ASSERT_TRUE(is_copied());
}

TEST(launch_log, the_longest_is_kept_and_a_longer_one_ends_the_boot)
{
	for (uint32_t more = 0; more < 2; more++) {
		firmware_reset();
		log_add(SHA256, 32, RTLAUNCH_LOG_BYTES_MAX - FIRST_BYTES - EVENT_BYTES + more);
		CU_ASSERT_EQUAL(begins(), !more);
	}
	firmware_reset();
	log_add(SHA256, 32, RTLAUNCH_LOG_BYTES_MAX - FIRST_BYTES);
	log_add(SHA256, 32, 0); /* begins beyond it */
	CU_ASSERT_FALSE(begins());
}

TEST(launch_log, a_length_that_wraps_ends_the_boot)
{
	static const uint32_t lengths[] = {RTLAUNCH_LOG_BYTES_MAX, UINT32_MAX - 31, UINT32_MAX - 15,
					   UINT32_MAX};

	for (unsigned i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		firmware_reset();
		bytes_store_le32(firmware.bytes + FIRST_BYTES - 4, lengths[i]);
		CU_ASSERT_FALSE(begins());
		firmware_reset();
		bytes_store_le32(log_add(SHA256, 32, 0) + EVENT_BYTES - 4, lengths[i]);
		CU_ASSERT_FALSE(begins());
	}
}

TEST(launch_log, digests_that_cannot_be_end_the_boot)
{
	static const uint8_t unknown[] = {0, 1, 0x0a, 0x10, 0xff};

	for (unsigned i = 0; i < sizeof(unknown); i++) {
		firmware_reset();
		log_add(unknown[i], 32, 0);
		CU_ASSERT_FALSE(begins());
	}
	firmware_reset();
	log_add(SHA256, 32, 0)[13] = 1; /* 0x010b */
	CU_ASSERT_FALSE(begins());
	firmware_reset();
	bytes_store_le32(log_add(SHA256, 32, 0) + 8, UINT32_MAX);
	CU_ASSERT_FALSE(begins());
}

TEST(launch_log, digests_end_with_the_room)
{
	uint8_t *at;

	firmware_reset();
	at = log_add(SHA256, 32, 0);
	bytes_store_le32(at + 8, UINT32_MAX);
	for (at += 12; at + 34 <= firmware.bytes + ROOM; at += 34)
		at[0] = SHA256;
	CU_ASSERT_FALSE(begins());
}

TEST(launch_log, what_the_firmware_does_not_give_ends_the_boot)
{
	firmware_reset();
	firmware.status = STATUS_ERROR;
	CU_ASSERT_FALSE(begins());
	firmware_reset();
	firmware.truncated = true;
	CU_ASSERT_FALSE(begins());
	firmware_reset();
	firmware.has_final = false;
	CU_ASSERT_FALSE(begins());
	firmware_reset();
	firmware.last = -1;
	CU_ASSERT_FALSE(begins());
	firmware_reset();
	firmware.last = INT64_C(1) << 32;
	CU_ASSERT_FALSE(begins());
	firmware_reset();
	free(firmware.bytes);
	firmware.bytes = NULL;
	CU_ASSERT_FALSE(begins());
}

/* --- what comes later ------------------------------------------------------------------------ */

TEST(launch_log, later_events_are_appended_once)
{
	uint32_t begun;
	uint8_t *later;

	firmware_reset();
	log_add(SHA256, 32, 3);
	final_add(3); /* the same event: it came after somebody had asked for the log */
	CU_ASSERT_TRUE(begins());
	begun = remotetrans_log_bytes;
	CU_ASSERT_EQUAL(begun, firmware.used);
	later = final_add(10);
	final_add(0);
	CU_ASSERT_TRUE(launch_log_end());
	CU_ASSERT_EQUAL(remotetrans_log_bytes, begun + 2 * EVENT_BYTES + 10);
	CU_ASSERT_EQUAL(memcmp(remotetrans_log + begun, later, 2 * EVENT_BYTES + 10), 0);
}

TEST(launch_log, nothing_later_leaves_it_as_it_was)
{
	firmware_reset();
	log_add(SHA256, 32, 3);
	CU_ASSERT_TRUE(begins());
	CU_ASSERT_TRUE(launch_log_end());
	CU_ASSERT_TRUE(is_copied());
}

TEST(launch_log, later_events_that_do_not_fit_are_told)
{
	for (uint32_t more = 0; more < 2; more++) {
		firmware_reset();
		log_add(SHA256, 32, RTLAUNCH_LOG_BYTES_MAX - FIRST_BYTES - 2 * EVENT_BYTES);
		CU_ASSERT_TRUE(begins());
		final_add(more);
		CU_ASSERT_EQUAL(launch_log_end(), !more);
		CU_ASSERT_TRUE(remotetrans_log_bytes <= RTLAUNCH_LOG_BYTES_MAX);
	}
}

TEST(launch_log, a_malformed_later_event_is_told)
{
	firmware_reset();
	CU_ASSERT_TRUE(begins());
	final_add(0)[12] = 0xff;
	CU_ASSERT_FALSE(launch_log_end());
	CU_ASSERT_EQUAL(remotetrans_log_bytes, FIRST_BYTES);

	firmware_reset();
	final_add(0)[12] = 0xff; /* among those that the log has already, too */
	CU_ASSERT_TRUE(begins());
	CU_ASSERT_FALSE(launch_log_end());
}
