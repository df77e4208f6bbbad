/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a profile. Input: a kernel image that the user names. */
#include "kernel-profiles/build.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel-profiles/btf.h"
#include "kernel-profiles/lines.h"
#include "kernel-profiles/profile_check.h"
#include "kernel-profiles/rows.h"
#include "kernel-profiles/vmlinux.h"
#include "kernel-profiles/vmlinuz.h"
#include "kernel-profiles/wanted.h"
#include "remotetrans/base/scope.h"

#define BANNER "Linux version "

/* A member that is missing is no error here. */
static const struct err *unless_absent(const struct err *e)
{
	return e && e->kind != ERR_ABSENT ? e : NULL;
}

static const struct err *fields_add(struct lines *l, const struct btf *b)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct field_row *row = &field_rows[i];
		struct field f = {0};

		TRY(unless_absent(btf_field(b, row->structure, row->path, &f)));
		if (f.bit_size)
			TRY(lines_add(l, "field %s %u %u %u+%u", row->id, f.offset_bytes,
				      f.size_bytes, f.bit_offset, f.bit_size));
		else if (f.size_bytes)
			TRY(lines_add(l, "field %s %u %u", row->id, f.offset_bytes, f.size_bytes));
	}
	return NULL;
}

static const struct err *types_add(struct lines *l, const struct span *section)
{
	CLEANUP(btf_deinit) struct btf b;

	TRY(btf_init(&b, section));
	TRY(fields_add(l, &b));
	for (unsigned i = 0; i < SIZE_COUNT; i++) {
		uint32_t size = 0;

		TRY(unless_absent(btf_size(&b, size_rows[i].name, &size)));
		if (size)
			TRY(lines_add(l, "size %s %u", size_rows[i].id, size));
	}
	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++) {
		int64_t value;
		const struct err *e = btf_enumerator(&b, enumerator_rows[i].name, &value);

		TRY(unless_absent(e));
		if (!e)
			TRY(lines_add(l, "enum %s %" PRId64, enumerator_rows[i].id, value));
	}
	return NULL;
}

static const struct err *symbols_add(struct lines *l, const struct kallsyms *k)
{
	struct wanted_symbols wanted;

	TRY(wanted_find(k, &wanted));
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		if (wanted.found[i])
			TRY(lines_add(l, "symbol %s 0x%" PRIx64, symbol_rows[i].id,
				      wanted.address[i]));
	return NULL;
}

/* linux_banner's text, up to its newline: "Linux version RELEASE (...) ...". */
static const struct err *banner_add(struct lines *l, const struct span *rodata, uint64_t address)
{
	struct buf_reader r = span_reader(rodata);
	const char *banner;

	TRY(buf_skip(&r, address - rodata->address));
	TRY(buf_read_cstr(&r, &banner));
	size_t len = strcspn(banner, "\n");
	if (strncmp(banner, BANNER, strlen(BANNER)) != 0)
		return ERR(ERR_PROTO, "linux_banner is not where the symbol table says");
	const char *release = banner + strlen(BANNER);
	TRY(lines_add(l, "banner %.*s", (int)(len < 512 ? len : 511), banner));
	return lines_add(l, "release %.*s", (int)strcspn(release, " \n"), release);
}

static const struct err *sections_add(struct lines *l, const struct vmlinux *v)
{
	struct span types, rodata, notes;
	struct kallsyms k;
	char build_id[PROFILE_BUILD_ID_HEX];

	TRY(vmlinux_section(v, ".notes", &notes));
	TRY(vmlinux_section(v, ".rodata", &rodata));
	TRY(vmlinux_section(v, ".BTF", &types));
	TRY(notes_build_id(&notes, build_id));
	TRY(kallsyms_find(&rodata, &k));
	TRY(lines_add(l, "format %d", PROFILE_FORMAT));
	TRY(lines_add(l, "build-id %s", build_id));
	TRY(banner_add(l, &rodata, k.banner));
	TRY(types_add(l, &types));
	return symbols_add(l, &k);
}

const struct err *profile_build(const uint8_t *image, size_t len_bytes, char **ret,
				size_t *ret_len_bytes)
{
	AUTO_BLOB struct blob unpacked = {0};
	CLEANUP(vmlinux_deinit) struct vmlinux v = {0};
	CLEANUP(lines_deinit) struct lines l = {0};

	if (vmlinuz_is(image, len_bytes)) {
		TRY(vmlinuz_unpack(image, len_bytes, &unpacked));
		image = unpacked.bytes;
		len_bytes = unpacked.len_bytes;
	}
	TRY(vmlinux_init(&v, image, len_bytes));
	TRY(sections_add(&l, &v));
	return lines_sorted(&l, ret, ret_len_bytes);
}
