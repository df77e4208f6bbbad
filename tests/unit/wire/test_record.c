/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VMM records against the structures of rtvmm.h, which this machine lays out as the ABI says. */
#include "remotetrans/wire/record.h"
#include "tests/lib/unit.h"

#include <string.h>

static struct record record_over(const void *payload, size_t len)
{
	return (struct record){.payload = payload, .payload_bytes = (uint32_t)len};
}

/* Every byte different from its neighbours. */
static void fill(void *bytes, size_t len)
{
	uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(i * 37 + 11);
}

TEST(record, header_is_that_of_the_abi)
{
	struct rtvmm_header abi = {0};
	struct record_header h;
	uint8_t bytes[RTVMM_HEADER_BYTES];
	struct buf_reader r = buf_reader_over(&abi, sizeof(abi));
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));

	fill(&abi, sizeof(abi));
	CHECK_OK(record_header_decode(&r, &h));
	CU_ASSERT_EQUAL(h.magic, abi.magic);
	CU_ASSERT_EQUAL(h.payload_bytes, abi.payload_bytes);
	CU_ASSERT_EQUAL(memcmp(h.instance_id, abi.instance_id, RTVMM_ID_BYTES), 0);
	CU_ASSERT_EQUAL(memcmp(h.uuid, abi.uuid, RTVMM_ID_BYTES), 0);
	CU_ASSERT_EQUAL(memcmp(h.boot_id, abi.boot_id, RTVMM_ID_BYTES), 0);
	CU_ASSERT_EQUAL(h.session, abi.session);
	CU_ASSERT_EQUAL(h.counter, abi.counter);
	CU_ASSERT_EQUAL(memcmp(h.challenge, abi.challenge, RTVMM_CHALLENGE_BYTES), 0);
	CU_ASSERT_EQUAL(h.subject, abi.subject);
	CU_ASSERT_EQUAL(h.generation, abi.generation);
	CU_ASSERT_EQUAL(h.taken_ns, abi.taken_ns);
	CHECK_OK(record_header_encode(&h, &w));
	CU_ASSERT_EQUAL(w.used_bytes, sizeof(abi));
	CU_ASSERT_EQUAL(memcmp(bytes, &abi, sizeof(abi)), 0);
}

static struct rtvmm_vcpu abi_vcpu(void)
{
	struct rtvmm_vcpu v;

	fill(&v, sizeof(v));
	v.idtr_limit = v.gdtr_limit = 0;
	v.flags = RTVMM_VCPU_ONLINE | RTVMM_VCPU_TSC | RTVMM_VCPU_ACPI_PM;
	v.zero32 = 0;
	memset(v.zero, 0, sizeof(v.zero));
	return v;
}

TEST(record, vcpu_is_that_of_the_abi)
{
	struct rtvmm_vcpu abi = abi_vcpu();
	struct record rec = record_over(&abi, sizeof(abi));
	uint8_t bytes[sizeof(abi)];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));
	struct vcpu v;

	CHECK_OK(record_vcpu_decode(&rec, &v));
	CU_ASSERT_EQUAL(v.cr3, abi.cr3);
	CU_ASSERT_EQUAL(v.efer, abi.efer);
	CU_ASSERT_EQUAL(v.idtr_base, abi.idtr_base);
	CU_ASSERT_EQUAL(v.gs_base, abi.gs_base);
	CU_ASSERT_EQUAL(v.lstar, abi.lstar);
	CU_ASSERT_EQUAL(v.cpl, abi.cpl);
	CU_ASSERT_EQUAL(v.tsc, abi.tsc);
	CU_ASSERT_EQUAL(v.clock_ns, abi.clock_ns);
	CU_ASSERT_EQUAL(v.acpi_pm_timer, abi.acpi_pm_timer);
	CU_ASSERT_EQUAL(v.syscall_callback, abi.syscall_callback);
	CU_ASSERT_TRUE(v.online && v.has_tsc && v.has_acpi_pm);
	CU_ASSERT_FALSE(v.has_lstar || v.has_kernel_gs_base || v.has_hpet || v.halted);
	CHECK_OK(record_vcpu_encode(&v, &w));
	CU_ASSERT_EQUAL(memcmp(bytes, &abi, sizeof(abi)), 0);
}

TEST(record, vcpu_cut_short_or_with_reserved_bits_is_refused)
{
	struct rtvmm_vcpu abi = abi_vcpu();
	struct vcpu v;

	for (size_t len = 0; len < sizeof(abi); len++) {
		struct record rec = record_over(&abi, len);
		CHECK_ERR(record_vcpu_decode(&rec, &v), ERR_PROTO);
	}
	abi.zero[6] = 1;
	struct record rec = record_over(&abi, sizeof(abi));
	CHECK_ERR(record_vcpu_decode(&rec, &v), ERR_PROTO);
}

TEST(record, info_is_that_of_the_abi)
{
	struct rtvmm_info abi = {0};
	struct record rec = record_over(&abi, sizeof(abi));
	uint8_t bytes[sizeof(abi)];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));
	struct vm_info i;

	fill(&abi, sizeof(abi));
	abi.vcpus = VCPUS_MAX;
	abi.flags = RTVMM_INFO_PROTECTED | RTVMM_INFO_PAUSED;
	CHECK_OK(record_info_decode(&rec, &i));
	CU_ASSERT_EQUAL(i.max_frame, abi.max_frame);
	CU_ASSERT_EQUAL(i.paused_ns_max, abi.paused_ns_max);
	CU_ASSERT_TRUE(i.is_protected && i.is_paused && !i.is_pv);
	CHECK_OK(record_info_encode(&i, &w));
	CU_ASSERT_EQUAL(memcmp(bytes, &abi, sizeof(abi)), 0);
	abi.vcpus = VCPUS_MAX + 1;
	CHECK_ERR(record_info_decode(&rec, &i), ERR_PROTO);
	abi.vcpus = 0;
	CHECK_ERR(record_info_decode(&rec, &i), ERR_PROTO);
}

TEST(record, snapshot_is_that_of_the_abi)
{
	struct rtvmm_snapshot abi = {.event = RTVMM_SNAPSHOT_END,
				     .deadline_ms = 777,
				     .started_ns = 0x1122334455667788,
				     .paused_ns = 0x99};
	struct record rec = record_over(&abi, sizeof(abi));
	uint8_t bytes[sizeof(abi)];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));
	struct snapshot_event s;

	CHECK_OK(record_snapshot_decode(&rec, &s));
	CU_ASSERT_EQUAL(s.event, abi.event);
	CU_ASSERT_EQUAL(s.deadline_ms, 777);
	CU_ASSERT_EQUAL(s.started_ns, abi.started_ns);
	CU_ASSERT_EQUAL(s.paused_ns, abi.paused_ns);
	CHECK_OK(record_snapshot_encode(&s, &w));
	CU_ASSERT_EQUAL(memcmp(bytes, &abi, sizeof(abi)), 0);
}

TEST(record, names)
{
	char name[64];
	uint32_t bytes = 1;

	record_name(RTVMM_RECORD_PAGE, 0x1234, name, sizeof(name));
	CU_ASSERT_STRING_EQUAL(name, "frame 0x1234");
	record_name(77, 1, name, sizeof(name));
	CU_ASSERT_STRING_EQUAL(name, "record of unknown type 77");
	CU_ASSERT_TRUE(record_payload_bytes(RTVMM_RECORD_PAGE, &bytes));
	CU_ASSERT_EQUAL(bytes, 4096);
	CU_ASSERT_FALSE(record_payload_bytes(0, &bytes));
	CU_ASSERT_FALSE(record_payload_bytes(UINT32_MAX, &bytes));
}
