/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel-symbols - what the profile builder sees in a kernel image, for comparison with others.
 *
 *   kernel-symbols unpack KERNEL FILE   write the ELF image
 *   kernel-symbols list KERNEL          all of kallsyms: ADDRESS TYPE NAME
 *   kernel-symbols exports KERNEL       the table of exported symbols (another table than kallsyms,
 *                                       made by the linker): ADDRESS NAME
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel-profiles/kallsyms.h"
#include "kernel-profiles/package.h"
#include "kernel-profiles/vmlinux.h"
#include "kernel-profiles/vmlinuz.h"
#include "remotetrans/base/scope.h"

static const struct err *unpack(const struct vmlinux *v, const char *path)
{
	AUTO_FCLOSE FILE *file = fopen(path, "w");

	if (!file || fwrite(v->image.bytes, 1, v->image.len_bytes, file) != v->image.len_bytes)
		return ERR(ERR_SYSTEM, "cannot write %s", path);
	return NULL;
}

static const struct err *list(const struct vmlinux *v)
{
	struct span rodata;
	struct kallsyms k;
	struct kallsyms_iterator it = {0};
	struct kallsyms_symbol symbol;
	bool more = true;

	TRY(vmlinux_section(v, ".rodata", &rodata));
	TRY(kallsyms_find(&rodata, &k));
	for (;;) {
		TRY(kallsyms_next(&k, &it, &symbol, &more));
		if (!more)
			return NULL;
		printf("%016" PRIx64 " %c %s\n", symbol.address, symbol.type, symbol.name);
	}
}

/* struct kernel_symbol: three 32-bit distances, each from its own address
 * (include/linux/export-internal.h) */
static const struct err *exports_of(const struct vmlinux *v, const char *section)
{
	struct span table, strings;
	uint32_t value, name, space;
	const char *text;

	TRY(vmlinux_section(v, "__ksymtab_strings", &strings));
	TRY(vmlinux_section(v, section, &table));
	struct buf_reader r = span_reader(&table);
	while (buf_reader_left(&r)) {
		uint64_t at = table.address + (uint64_t)(r.at - table.bytes);
		struct buf_reader s = span_reader(&strings);

		TRY(buf_read_u32(&r, &value));
		TRY(buf_read_u32(&r, &name));
		TRY(buf_read_u32(&r, &space));
		TRY(buf_skip(&s, at + 4 + (uint64_t)(int64_t)(int32_t)name - strings.address));
		TRY(buf_read_cstr(&s, &text));
		printf("%016" PRIx64 " %s\n", at + (uint64_t)(int64_t)(int32_t)value, text);
	}
	return NULL;
}

static const struct err *exports(const struct vmlinux *v)
{
	TRY(exports_of(v, "__ksymtab"));
	IGNORE(exports_of(v, "__ksymtab_gpl")); /* one table for all from 7.x on */
	return NULL;
}

static const struct err *run(int argc, char **argv)
{
	CLEANUP(kernel_files_deinit) struct kernel_files files = {0};
	AUTO_BLOB struct blob image = {0};
	CLEANUP(vmlinux_deinit) struct vmlinux v = {0};

	if (argc < 3)
		return ERR(ERR_USAGE,
			   "kernel-symbols unpack KERNEL FILE | list KERNEL | exports KERNEL");
	TRY(kernel_files_add(&files, argv[2]));
	TRY(vmlinuz_unpack(files.image.bytes, files.image.len_bytes, &image));
	TRY(vmlinux_init(&v, image.bytes, image.len_bytes));
	if (strcmp(argv[1], "unpack") == 0 && argc == 4)
		return unpack(&v, argv[3]);
	return strcmp(argv[1], "list") == 0 ? list(&v) : exports(&v);
}

int main(int argc, char **argv)
{
	const struct err *e = run(argc, argv);

	if (e)
		fprintf(stderr, "kernel-symbols: %s\n", e->message);
	return e != NULL;
}
