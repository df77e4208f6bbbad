/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Streams built by hand. That the layout is QEMU's own is shown by tests/lab/check-vmmd, which
 * compares the records with what a real QEMU says of its vCPUs.
 */
#include "tests/lib/unit.h"
#include "vmm/vmmd/vmstate.h"

#include <stdlib.h>
#include <string.h>

#define CPU_BODY_BYTES 1817 /* between header and first subsection, both from a dump of QEMU 7.2   \
			     */
#define AT_RIP 128
#define AT_CR3 472

struct stream {
	uint8_t bytes[65536];
	size_t used;
	uint32_t next_id;
};

static void put(struct stream *s, const void *bytes, size_t len)
{
	memcpy(s->bytes + s->used, bytes, len);
	s->used += len;
}

static void put_be(struct stream *s, uint64_t v, int width)
{
	while (width--)
		s->bytes[s->used++] = (uint8_t)(v >> 8 * width);
}

static void put_name(struct stream *s, const char *name)
{
	put_be(s, strlen(name), 1);
	put(s, name, strlen(name));
}

static void put_header(struct stream *s, const char *name, uint32_t instance, uint32_t version)
{
	put_be(s, 4, 1);
	put_be(s, s->next_id, 4);
	put_name(s, name);
	put_be(s, instance, 4);
	put_be(s, version, 4);
}

static void put_footer(struct stream *s)
{
	put_be(s, 0x7e, 1);
	put_be(s, s->next_id++, 4);
}

static void put_filled(struct stream *s, size_t len, uint8_t fill)
{
	memset(s->bytes + s->used, fill, len);
	s->used += len;
}

static void put_timer(struct stream *s)
{
	put_header(s, "timer", 0, 2);
	put_be(s, 111, 8);
	put_be(s, 0, 8);
	put_be(s, 222, 8);
	put_footer(s);
}

static size_t put_cpu_body(struct stream *s, uint64_t rip, uint64_t cr3)
{
	size_t start = s->used;

	put_filled(s, AT_RIP, 0x11);
	put_be(s, rip, 8);
	put_filled(s, AT_CR3 - AT_RIP - 8, 0x22);
	put_be(s, cr3, 8);
	put_filled(s, CPU_BODY_BYTES - AT_CR3 - 8, 0x33);
	return start;
}

static void put_cpu(struct stream *s, uint32_t number)
{
	put_header(s, "cpu_common", number, 1);
	put_be(s, number, 4);
	put_be(s, 0, 4);
	put_footer(s);
	put_header(s, "cpu", number, 12);
	put_cpu_body(s, 0xffffffff81000000 + number, 0x1000 * (number + 1));
	put_be(s, 5, 1);
	put_name(s, "cpu/tsc_khz");
	put_be(s, 1, 4);
	put_be(s, 2400000 + number, 8);
	put_be(s, 5, 1);
	put_name(s, "cpu/pkru");
	put_be(s, 1, 4);
	put_be(s, 0x55555554, 4);
	put_footer(s);
}

static void start(struct stream *s)
{
	memset(s, 0, sizeof(*s));
	put_be(s, 0x5145564d, 4);
	put_be(s, 3, 4);
	put_timer(s);
}

/* timer, @vcpus vCPUs, a device, the end */
static void build(struct stream *s, uint32_t vcpus)
{
	start(s);
	for (uint32_t i = 0; i < vcpus; i++)
		put_cpu(s, i);
	put_header(s, "fw_cfg", 0, 2);
	put_filled(s, 40, 0);
	put_footer(s);
	put_be(s, 0, 1);
}

TEST(vmstate, finds_every_vcpu)
{
	static struct stream s;
	static struct vmstate v;

	build(&s, 3);
	CHECK_OK(vmstate_parse(s.bytes, s.used, 3, &v));
	CU_ASSERT_EQUAL(v.ticks, 111);
	CU_ASSERT_EQUAL(v.clock_ns, 222);
	for (uint32_t i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(v.cpu[i].rip, 0xffffffff81000000 + i);
		CU_ASSERT_EQUAL(v.cpu[i].cr3, 0x1000 * (i + 1));
		CU_ASSERT_EQUAL(v.cpu[i].halted, i);
		CU_ASSERT_EQUAL(v.cpu[i].tsc_khz, 2400000 + i);
	}
}

TEST(vmstate, wrong_count_is_noticed)
{
	static struct stream s;
	static struct vmstate v;

	build(&s, 2);
	CHECK_ERR(vmstate_parse(s.bytes, s.used, 3, &v), ERR_PROTO);
	CHECK_ERR(vmstate_parse(s.bytes, s.used, 0, &v), ERR_PROTO);
	CHECK_ERR(vmstate_parse(s.bytes, s.used, RTVMM_VCPUS_MAX + 1, &v), ERR_PROTO);
}

/* A device of unknown layout before the vCPUs is skipped. */
TEST(vmstate, unknown_section_is_skipped)
{
	static struct stream s;
	static struct vmstate v;

	start(&s);
	put_header(&s, "slirp", 0, 4);
	put_filled(&s, 131, 0x7e);
	put_footer(&s);
	put_cpu(&s, 0);
	put_be(&s, 0, 1);
	CHECK_OK(vmstate_parse(s.bytes, s.used, 1, &v));
	CU_ASSERT_EQUAL(v.cpu[0].cr3, 0x1000);
}

/* A whole vCPU section planted in that device's buffer, the one that the guest would like us to
 * see. */
TEST(vmstate, planted_vcpu_is_noticed)
{
	static struct stream s;
	static struct vmstate v;

	start(&s);
	put_header(&s, "slirp", 0, 4);
	put_footer(&s); /* the planted footer ends it early ... */
	put_cpu(&s, 0); /* ... and this stands in its buffer */
	s.next_id = 1;
	put_footer(&s);
	put_cpu(&s, 0);
	put_be(&s, 0, 1);
	CHECK_ERR(vmstate_parse(s.bytes, s.used, 1, &v), ERR_PROTO);
}

/* The same bytes inside a register of a vCPU, whose place is known, change nothing. */
TEST(vmstate, planted_bytes_in_registers_do_not_matter)
{
	static const uint8_t plant[] = {0x7e, 0,   0,   0, 2, 4, 0, 0, 0, 3, 3,
					'c',  'p', 'u', 0, 0, 0, 1, 0, 0, 0, 12};
	static struct stream s;
	static struct vmstate v;
	size_t body;

	start(&s);
	put_header(&s, "cpu", 0, 12);
	body = put_cpu_body(&s, 1, 2);
	memcpy(s.bytes + body + AT_CR3 + 200, plant, sizeof(plant));
	put_footer(&s);
	put_cpu(&s, 1);
	put_be(&s, 0, 1);
	CHECK_OK(vmstate_parse(s.bytes, s.used, 2, &v));
	CU_ASSERT_EQUAL(v.cpu[1].cr3, 0x2000);
}

TEST(vmstate, other_versions_are_refused)
{
	static struct stream s;
	static struct vmstate v;

	start(&s);
	put_header(&s, "cpu", 0, 13);
	put_cpu_body(&s, 1, 2);
	put_footer(&s);
	put_be(&s, 0, 1);
	CHECK_ERR(vmstate_parse(s.bytes, s.used, 1, &v), ERR_PROTO);
	build(&s, 1);
	s.bytes[7] = 4;
	CHECK_ERR(vmstate_parse(s.bytes, s.used, 1, &v), ERR_PROTO);
	s.bytes[7] = 3;
	CHECK_OK(vmstate_parse(s.bytes, s.used, 1, &v));
}

/* Every cut and every flipped byte ends in a result or an error, never outside the bytes. */
TEST(vmstate, damage_is_survived)
{
	static struct stream s;
	static struct vmstate v;
	unsigned int errors = 0;

	build(&s, 2);
	for (size_t cut = 0; cut < s.used; cut += 1 + cut / 64) {
		uint8_t *copy = malloc(cut + 1);

		memcpy(copy, s.bytes, cut);
		errors += vmstate_parse(copy, cut, 2, &v) != NULL;
		free(copy);
	}
	CU_ASSERT_TRUE(errors > 50);
	for (size_t i = 0; i < s.used; i++) {
		s.bytes[i] ^= 0x80;
		if (vmstate_parse(s.bytes, s.used, 2, &v))
			errors++;
		s.bytes[i] ^= 0x80;
	}
}
