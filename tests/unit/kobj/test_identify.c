/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/identify.h"

#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "tests/lib/unit.h"

#define PAGE       4096u
#define CODE       UINT64_C(0xffffffff81000000)
#define KERNEL_CR3 UINT64_C(0x2000)
#define IMAGE_MAX  (64u << 10)

/* A kernel image of some pages at CODE, mapped under KERNEL_CR3 only; the IDT lies in it. */
struct image {
	struct memsrc src; /* first */
	uint8_t bytes[IMAGE_MAX];
	size_t len_bytes;
	bool is_endless; /* mapped everywhere */
	uint64_t hole;   /* page number that is not mapped; 0: none */
	enum err_kind failure;
	unsigned reads;
};

static const struct err *image_read(struct memsrc *src, struct memspace space, gva_t at, void *ret,
				    size_t len_bytes)
{
	struct image *m = (struct image *)src;
	uint64_t offset = at.v - CODE;

	m->reads++;
	if (m->failure)
		return ERR(m->failure, "as told");
	if (m->is_endless) {
		memset(ret, 0, len_bytes);
		return NULL;
	}
	if (space.root.v != KERNEL_CR3 || at.v < CODE || offset + len_bytes > m->len_bytes)
		return ERR(ERR_FAULT, "not mapped");
	for (uint64_t page = offset / PAGE; page <= (offset + len_bytes - 1) / PAGE; page++)
		if (m->hole && page == m->hole)
			return ERR(ERR_FAULT, "hole");
	memcpy(ret, m->bytes + offset, len_bytes);
	return NULL;
}

static struct image *image_new(size_t pages)
{
	struct image *m = calloc(1, sizeof(*m));

	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	m->src.read = image_read;
	m->len_bytes = pages * PAGE;
	return m;
}

static void put_note(struct image *m, size_t at, uint8_t first)
{
	static const uint8_t head[] = {4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0};

	memcpy(m->bytes + at, head, sizeof(head));
	for (uint8_t i = 0; i < 20; i++)
		m->bytes[at + sizeof(head) + i] = (uint8_t)(first + i);
}

static void put_banner(struct image *m, size_t at, const char *text)
{
	memcpy(m->bytes + at, text, strlen(text) + 1);
}

static struct vcpu vcpu_of(uint64_t cr3)
{
	return (struct vcpu){.online = true, .has_lstar = true, .lstar = CODE + 0x80, .cr3 = cr3};
}

#define ID_FROM_10 "101112131415161718191a1b1c1d1e1f20212223"

TEST(identify, finds_banner_and_build_id)
{
	AUTO_FREE struct image *m = image_new(8);
	struct vcpu v = vcpu_of(KERNEL_CR3);
	struct identity found;

	put_banner(m, 2 * PAGE + 100, "Linux version 6.1.0-9-amd64 (x@y) #1");
	put_note(m, 5 * PAGE + 8, 0x10);
	CHECK_OK(kernel_identify(&m->src, &v, 1, &found));
	CU_ASSERT_STRING_EQUAL(found.release, "6.1.0-9-amd64");
	CU_ASSERT_STRING_EQUAL(found.build_id, ID_FROM_10);
}

TEST(identify, finds_what_lies_across_pages_and_behind_holes)
{
	AUTO_FREE struct image *m = image_new(8);
	struct vcpu v = vcpu_of(KERNEL_CR3);
	struct identity found;

	put_banner(m, 2 * PAGE - 9, "Linux version 7.2 (x@y)");
	m->hole = 3;
	put_note(m, 6 * PAGE - 12, 0x10);
	CHECK_OK(kernel_identify(&m->src, &v, 1, &found));
	CU_ASSERT_STRING_EQUAL(found.release, "7.2");
	CU_ASSERT_STRING_EQUAL(found.build_id, ID_FROM_10);
}

TEST(identify, passes_the_vdso_over)
{
	AUTO_FREE struct image *m = image_new(8);
	struct vcpu v = vcpu_of(KERNEL_CR3);
	struct identity found;

	memcpy(m->bytes + 2 * PAGE, "\177ELF", 4);
	put_note(m, 2 * PAGE + 0x400, 0x80);
	put_note(m, 4 * PAGE, 0x10);
	CHECK_OK(kernel_identify(&m->src, &v, 1, &found));
	CU_ASSERT_STRING_EQUAL(found.build_id, ID_FROM_10);
}

TEST(identify, tries_pti_tables_other_vcpus_and_the_idt)
{
	AUTO_FREE struct image *m = image_new(8);
	struct vcpu v[3] = {{.online = false}, vcpu_of(0x7000), vcpu_of(KERNEL_CR3 | 0x1000)};
	struct identity found;

	v[2].has_lstar = false;
	v[2].idtr_base = CODE + PAGE;
	/* gate 0: handler CODE + 0x1234, split as SDM volume 3 figure 6-8 says */
	memcpy(m->bytes + PAGE, "\x34\x12\x10\x00\x00\x8e\x00\x81\xff\xff\xff\xff", 12);
	put_note(m, 4 * PAGE, 0x10);
	CHECK_OK(kernel_identify(&m->src, v, 3, &found));
	CU_ASSERT_STRING_EQUAL(found.build_id, ID_FROM_10);
}

TEST(identify, begins_at_a_pv_guests_entry_point)
{
	AUTO_FREE struct image *m = image_new(8);
	struct vcpu v = {.online = true, .syscall_callback = CODE + 0x80, .cr3 = KERNEL_CR3};
	struct identity found;

	put_note(m, 4 * PAGE, 0x10);
	CHECK_OK(kernel_identify(&m->src, &v, 1, &found));
	CU_ASSERT_STRING_EQUAL(found.build_id, ID_FROM_10);
	v.cr3 |= 0x1000; /* part of a machine frame's number, not of PTI */
	m->reads = 0;
	CHECK_OK(kernel_identify(&m->src, &v, 1, &found));
	CU_ASSERT_STRING_EQUAL(found.build_id, "");
}

TEST(identify, a_hostile_banner_is_not_passed_on)
{
	AUTO_FREE struct image *m = image_new(8);
	struct vcpu v = vcpu_of(KERNEL_CR3);
	struct identity found;

	put_banner(m, PAGE, "Linux version \033[2J \n");
	put_banner(m, 2 * PAGE, "Linux version ");
	memset(m->bytes + 2 * PAGE + 14, 'x', 200); /* longer than any release, no end */
	CHECK_OK(kernel_identify(&m->src, &v, 1, &found));
	CU_ASSERT_STRING_EQUAL(found.release, "");
	CU_ASSERT_STRING_EQUAL(found.build_id, "");
}

TEST(identify, ends_when_there_is_nothing)
{
	AUTO_FREE struct image *m = image_new(1);
	struct vcpu v[64];
	struct identity found;

	for (unsigned i = 0; i < 64; i++)
		v[i] = vcpu_of(KERNEL_CR3);
	CHECK_OK(kernel_identify(&m->src, v, 64, &found));
	CU_ASSERT_STRING_EQUAL(found.build_id, "");
	m->is_endless = true;
	m->reads = 0;
	CHECK_OK(kernel_identify(&m->src, v, 64, &found));
	CU_ASSERT_STRING_EQUAL(found.build_id, "");
	CU_ASSERT(m->reads <= (128u << 20) / PAGE);
}

TEST(identify, passes_fatal_errors_on)
{
	AUTO_FREE struct image *m = image_new(1);
	struct vcpu v = vcpu_of(KERNEL_CR3);
	struct identity found;

	m->failure = ERR_INTEGRITY;
	CHECK_ERR(kernel_identify(&m->src, &v, 1, &found), ERR_INTEGRITY);
}
