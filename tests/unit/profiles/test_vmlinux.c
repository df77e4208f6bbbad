/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "kernel-profiles/profile.h"
#include "kernel-profiles/vmlinux.h"
#include "tests/lib/unit.h"
#include "tests/unit/profiles/maker.h"

static struct maker notes, image;
static const uint8_t rodata_bytes[100], types_bytes[50];

static void image_make(void)
{
	const struct span rodata = {rodata_bytes, sizeof(rodata_bytes), MADE_RODATA};
	const struct span types = {types_bytes, sizeof(types_bytes), MADE_RODATA + 4096};

	make_notes(&notes);
	struct span n = make_span(&notes, MADE_TEXT);
	make_vmlinux(&image, &n, &rodata, &types);
}

TEST(vmlinux, gives_sections_in_place)
{
	struct vmlinux v;
	struct span s;

	image_make();
	CHECK_OK(vmlinux_init(&v, image.bytes, image.used_bytes));
	CHECK_OK(vmlinux_section(&v, ".BTF", &s));
	CU_ASSERT_EQUAL(s.len_bytes, sizeof(types_bytes));
	CU_ASSERT_EQUAL(s.address, MADE_RODATA + 4096);
	CU_ASSERT_PTR_EQUAL(s.bytes, image.bytes + image.used_bytes - sizeof(types_bytes));
	CHECK_ERR(vmlinux_section(&v, ".data", &s), ERR_PROTO);
	vmlinux_deinit(&v);
}

TEST(vmlinux, refuses_other_files)
{
	struct vmlinux v;

	image_make();
	CHECK_ERR(vmlinux_init(&v, rodata_bytes, sizeof(rodata_bytes)), ERR_PROTO);
	CHECK_ERR(vmlinux_init(&v, rodata_bytes, 0), ERR_PROTO);
	image.bytes[18] = 3; /* EM_386 */
	CHECK_ERR(vmlinux_init(&v, image.bytes, image.used_bytes), ERR_PROTO);
	image_make();
	image.bytes[4] = 1; /* ELFCLASS32 */
	CHECK_ERR(vmlinux_init(&v, image.bytes, image.used_bytes), ERR_PROTO);
	image_make();
	image.bytes[5] = 2; /* big-endian */
	CHECK_ERR(vmlinux_init(&v, image.bytes, image.used_bytes), ERR_PROTO);
}

TEST(vmlinux, refuses_sections_outside_of_the_image)
{
	struct vmlinux v;
	struct span s;
	const size_t header = 64 + 3 * 64;

	for (unsigned i = 0; i < 2; i++) {
		image_make();
		memset(image.bytes + header + (i ? 24 : 32), 0x7f, 8); /* offset, size */
		CHECK_OK(vmlinux_init(&v, image.bytes, image.used_bytes));
		CHECK_ERR(vmlinux_section(&v, ".BTF", &s), ERR_PROTO);
		vmlinux_deinit(&v);
	}
}

TEST(vmlinux, reads_the_build_id)
{
	char id[PROFILE_BUILD_ID_HEX];

	make_notes(&notes);
	struct span s = make_span(&notes, 0);
	CHECK_OK(notes_build_id(&s, id));
	CU_ASSERT_STRING_EQUAL(id, MADE_BUILD_ID);
}

static void notes_prefix_run(const uint8_t *bytes, size_t len_bytes)
{
	struct span s = {bytes, len_bytes, 0};
	char id[PROFILE_BUILD_ID_HEX];

	CHECK_ERR(notes_build_id(&s, id), ERR_PROTO);
}

TEST(vmlinux, refuses_every_prefix_of_notes)
{
	make_notes(&notes);
	each_prefix(&notes, notes_prefix_run);
}

TEST(vmlinux, refuses_hostile_notes)
{
	for (size_t at = 20; at < 28; at += 4)
		for (unsigned i = 0; i < 3; i++) {
			make_notes(&notes);
			memset(notes.bytes + at, (uint8_t[]){0xff, 0x7f, 0xfd}[i], 4);
			notes_prefix_run(notes.bytes, notes.used_bytes);
		}
	make_notes(&notes);
	notes.bytes[24] = 0; /* an id of no length */
	notes_prefix_run(notes.bytes, notes.used_bytes);
	make_notes(&notes);
	notes.bytes[24] = 21; /* longer than a build-id is */
	make_number(&notes, 0, 4);
	notes_prefix_run(notes.bytes, notes.used_bytes);
}
