/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a profile. Input: a kernel image that the user names. */
#include "kernel-profiles/build.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel-profiles/lines.h"
#include "kernel-profiles/profile_check.h"
#include "kernel-profiles/rows.h"
#include "kernel-profiles/types.h"
#include "kernel-profiles/vmlinux.h"
#include "kernel-profiles/vmlinuz.h"
#include "kernel-profiles/wanted.h"
#include "remotetrans/base/scope.h"

#define BANNER        "Linux version "
#define RELEASE_BYTES 256

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
static const struct err *banner_add(struct lines *l, const struct span *rodata, uint64_t address,
				    char release[static RELEASE_BYTES])
{
	struct buf_reader r = span_reader(rodata);
	const char *banner;

	TRY(buf_skip(&r, address - rodata->address));
	TRY(buf_read_cstr(&r, &banner));
	size_t len = strcspn(banner, "\n");
	if (strncmp(banner, BANNER, strlen(BANNER)) != 0)
		return ERR(ERR_PROTO, "linux_banner is not where the symbol table says");
	snprintf(release, RELEASE_BYTES, "%s", banner + strlen(BANNER));
	release[strcspn(release, " \n")] = 0;
	TRY(lines_add(l, "banner %.*s", (int)(len < 512 ? len : 511), banner));
	return lines_add(l, "release %s", release);
}

static const struct err *sections_add(struct lines *l, const struct vmlinux *v,
				      const struct modules *modules)
{
	struct span types, rodata, notes;
	struct kallsyms k;
	char build_id[PROFILE_BUILD_ID_HEX], release[RELEASE_BYTES];

	TRY(vmlinux_section(v, ".notes", &notes));
	TRY(vmlinux_section(v, ".rodata", &rodata));
	TRY(vmlinux_section(v, ".BTF", &types));
	TRY(notes_build_id(&notes, build_id));
	TRY(kallsyms_find(&rodata, &k));
	TRY(lines_add(l, "format %d", PROFILE_FORMAT));
	TRY(lines_add(l, "build-id %s", build_id));
	TRY(banner_add(l, &rodata, k.banner, release));
	TRY(types_add(l, &types, modules, release));
	return symbols_add(l, &k);
}

const struct err *profile_build(const struct kernel_files *files, char **ret, size_t *ret_len_bytes)
{
	AUTO_BLOB struct blob unpacked = {0};
	CLEANUP(vmlinux_deinit) struct vmlinux v = {0};
	CLEANUP(lines_deinit) struct lines l = {0};
	const struct blob *image = &files->image;

	if (!image->bytes)
		return ERR(ERR_USAGE, "no kernel image (boot/vmlinuz-* or "
				      "usr/lib/modules/*/vmlinuz)");
	if (vmlinuz_is(image->bytes, image->len_bytes)) {
		TRY(vmlinuz_unpack(image->bytes, image->len_bytes, &unpacked));
		image = &unpacked;
	}
	TRY(vmlinux_init(&v, image->bytes, image->len_bytes));
	TRY(sections_add(&l, &v, &files->modules));
	return lines_sorted(&l, ret, ret_len_bytes);
}
