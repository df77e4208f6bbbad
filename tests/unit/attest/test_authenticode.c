/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a firmware hashes of a program. That it is the right hash is shown in tests/attest/check, by
 * another implementation.
 */
#include <string.h>

#include "remotetrans/attest/authenticode.h"
#include "remotetrans/attest/digest.h"
#include "tests/lib/unit.h"
#include "tests/unit/attest/fake_program.h"

static uint8_t p[PROGRAM_BYTES + 1];

static bool same(const uint8_t *a, const uint8_t *b)
{
	return memcmp(a, b, 32) == 0;
}

/*
 * Written out by hand. The gap at 0x2f0 is not loaded, and not hashed; but as it was not counted,
 * what trails begins 0x10 bytes early (EDK2).
 */
TEST(authenticode, headers_sections_in_order_and_what_trails)
{
	uint8_t want[32], digest[32];
	const struct digest_part parts[] = {
		{p, PROGRAM_CHECKSUM},
		{p + PROGRAM_CHECKSUM + 4, PROGRAM_DIRECTORY - PROGRAM_CHECKSUM - 4},
		{p + PROGRAM_DIRECTORY + 8, PROGRAM_HEADERS - PROGRAM_DIRECTORY - 8},
		{p + 0x240, 0xb0},
		{p + 0x300, 0x100},
		{p + 0x3f0, 0x10}};

	fake_program(p);
	CHECK_OK(digest_parts(parts, 6, want));
	CHECK_OK(authenticode_digest(p, PROGRAM_BYTES, digest));
	CU_ASSERT(same(want, digest));
}

static bool counts(unsigned at)
{
	return !(at >= PROGRAM_CHECKSUM && at < PROGRAM_CHECKSUM + 4) &&
	       !(at >= PROGRAM_DIRECTORY && at < PROGRAM_DIRECTORY + 8) &&
	       !(at >= 0x2f0 && at < 0x300) && at < PROGRAM_CERTIFICATES;
}

TEST(authenticode, every_byte_that_counts_counts)
{
	uint8_t good[32], digest[32];
	unsigned changed = 0, same_count = 0;

	fake_program(p);
	CHECK_OK(authenticode_digest(p, PROGRAM_BYTES, good));
	for (unsigned at = 0; at < PROGRAM_BYTES; at++) {
		if (at >= PROGRAM_DIRECTORY + 4 && at < PROGRAM_DIRECTORY + 8)
			continue; /* how many certificates there are moves the end */
		p[at] ^= 1;
		bool other = authenticode_digest(p, PROGRAM_BYTES, digest) || !same(good, digest);

		CU_ASSERT_EQUAL(other, counts(at));
		if (other)
			changed++;
		else
			same_count++;
		p[at] ^= 1;
	}
	CU_ASSERT(changed > 0x3b0 && same_count == 4 + 4 + 0x10 + 0x10);
}

TEST(authenticode, what_is_appended_counts_unless_it_is_certificates)
{
	uint8_t good[32], digest[32];

	fake_program(p);
	p[PROGRAM_BYTES] = 'x';
	CHECK_OK(authenticode_digest(p, PROGRAM_BYTES, good));
	CHECK_OK(authenticode_digest(p, PROGRAM_BYTES + 1, digest));
	CU_ASSERT_FALSE(same(good, digest));
	program_put(p + PROGRAM_DIRECTORY + 4, PROGRAM_BYTES - PROGRAM_CERTIFICATES + 1);
	CHECK_OK(authenticode_digest(p, PROGRAM_BYTES + 1, digest));
	CU_ASSERT(same(good, digest));
}

TEST(authenticode, cut_anywhere_it_is_refused_or_another)
{
	uint8_t good[32], digest[32];

	fake_program(p);
	CHECK_OK(authenticode_digest(p, PROGRAM_BYTES, good));
	for (unsigned len = 0; len < PROGRAM_BYTES; len++)
		CU_ASSERT(authenticode_digest(p, len, digest) || !same(good, digest));
}

static void refused(unsigned at, uint32_t value)
{
	uint8_t digest[32];

	fake_program(p);
	program_put(p + at, value);
	CHECK_ERR(authenticode_digest(p, PROGRAM_BYTES, digest), ERR_PROTO);
}

TEST(authenticode, what_two_readers_could_read_differently_is_refused)
{
	refused(SECTION(0) + SECTION_RAW_AT, 0x2e0); /* overlaps the other */
	refused(SECTION(1) + SECTION_RAW_AT, 0x230); /* overlaps the headers */
	refused(SECTION(0) + SECTION_RAW, 0x10000);  /* after the end */
	refused(SECTION(0) + SECTION_RAW_AT, UINT32_MAX);
	refused(0x40 + 24 + 60, PROGRAM_SECTIONS); /* headers end before their sections do */
	refused(0x40 + 24 + 60, PROGRAM_BYTES + 1);
	refused(PROGRAM_DIRECTORY + 4, PROGRAM_BYTES); /* more certificates than there is room */
	refused(0x3c, UINT32_MAX);
	refused(0x40 + 6, 97);     /* sections */
	refused(0x40 + 24, 0x107); /* magic */
}

TEST(authenticode, a_section_is_as_long_as_its_contents)
{
	const uint8_t *at;
	uint32_t len;

	fake_program(p);
	CHECK_OK(authenticode_section(p, PROGRAM_BYTES, ".config", &at, &len));
	CU_ASSERT_EQUAL(at - p, 0x300);
	CU_ASSERT_EQUAL(len, 0xf0);
	CHECK_ERR(authenticode_section(p, PROGRAM_BYTES, ".conf", &at, &len), ERR_ABSENT);
	CHECK_ERR(authenticode_section(p, PROGRAM_BYTES, ".bss", &at, &len), ERR_PROTO);
	CHECK_ERR(authenticode_section(p, 0x3e0, ".config", &at, &len), ERR_PROTO);
}
