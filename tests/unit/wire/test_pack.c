/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "remotetrans/wire/pack.h"
#include "tests/lib/unit.h"

#include <stdlib.h>
#include <string.h>

#include <zstd.h>

/* Bytes that get a good deal shorter. */
static struct msg_records records(uint8_t *bytes, uint32_t len_bytes)
{
	for (uint32_t i = 0; i < len_bytes; i++)
		bytes[i] = (uint8_t)(i % 251 * (i / 4096));
	return (struct msg_records){.count = 5, .bytes = {bytes, len_bytes}};
}

TEST(pack, what_is_packed_unpacks_to_the_same)
{
	uint8_t *bytes = malloc(WIRE_RECORDS_BYTES_MAX);
	struct packer ours = {0}, theirs = {0};
	const uint32_t lengths[] = {2 * WIRE_RECORD_BYTES_MAX, WIRE_RECORDS_BYTES_MAX, 500};

	for (unsigned i = 0; i < 3; i++) {
		struct msg_records m = records(bytes, lengths[i]), again;
		struct msg_packed packed;

		CU_ASSERT_TRUE_FATAL(pack_records(&ours, &m, &packed));
		CU_ASSERT_TRUE(packed.bytes.len_bytes < lengths[i] / 2);
		CHECK_OK(unpack_records(&theirs, &packed, &again));
		CU_ASSERT_TRUE(again.count == 5 && again.bytes.len_bytes == lengths[i]);
		CU_ASSERT_EQUAL(memcmp(again.bytes.bytes, bytes, lengths[i]), 0);
	}
	packer_deinit(&ours);
	packer_deinit(&theirs);
	free(bytes);
}

TEST(pack, what_does_not_get_shorter_is_left)
{
	uint8_t bytes[4096];
	struct msg_records m = {.count = 1, .bytes = {bytes, sizeof(bytes)}};
	struct msg_packed packed;
	struct packer p = {0};
	uint32_t x = 1;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(x >> 24);
	}
	CU_ASSERT_FALSE(pack_records(&p, &m, &packed));
	m.bytes.len_bytes = 0;
	CU_ASSERT_FALSE(pack_records(&p, &m, &packed));
	packer_deinit(&p);
}

/* What says one thing of itself and is another. */
static void check_refused(uint32_t says_bytes, const void *bytes, size_t len_bytes)
{
	struct msg_packed m = {
		.count = 1, .unpacked_bytes = says_bytes, .bytes = {bytes, (uint32_t)len_bytes}};
	struct msg_records ret = {.count = 77};
	struct packer p = {0};

	CHECK_ERR(unpack_records(&p, &m, &ret), ERR_PROTO);
	CU_ASSERT_EQUAL(ret.count, 77);
	CU_ASSERT_TRUE(p.size_bytes <= WIRE_RECORDS_BYTES_MAX);
	packer_deinit(&p);
}

TEST(pack, lies_about_its_size_are_refused)
{
	const size_t huge = 64u << 20;
	void *zeros = calloc(1, huge);
	uint8_t packed[16384];
	size_t len = ZSTD_compress(packed, sizeof(packed), zeros, 4096, 1);

	check_refused(4097, packed, len);
	check_refused(4095, packed, len);
	check_refused(0, packed, len);
	check_refused(4096, packed, len - 1);
	check_refused(4096, packed, 0);
	check_refused(4096, "not zstd at all", 15);
	len = ZSTD_compress(packed, sizeof(packed), zeros, huge, 1); /* a bomb */
	CU_ASSERT_TRUE_FATAL(!ZSTD_isError(len));
	check_refused(WIRE_RECORDS_BYTES_MAX, packed, len);
	check_refused((uint32_t)huge, packed, len);
	check_refused(UINT32_MAX, packed, len);
	free(zeros);
}
