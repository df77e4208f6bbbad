/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "kernel-profiles/btf.h"
#include "kernel-profiles/build.h"
#include "kernel-profiles/rows.h"
#include "remotetrans/base/scope.h"
#include "tests/lib/unit.h"
#include "tests/unit/profiles/maker.h"

static struct maker notes, rodata, types, vmlinux, vmlinuz;
static struct btf_maker b;
static struct made_symbol symbols[MADE_SYMBOLS];

static void types_make(void)
{
	btf_maker_init(&b);
	uint32_t number = btf_make(&b, "int", BTF_INT, 0, 4);
	btf_word(&b, 32);
	btf_make(&b, "task_struct", BTF_STRUCT, 3, 4096);
	btf_make_member(&b, "state", number, 64); /* the older name of __state */
	btf_make_member(&b, "pid", number, 8 * 100);
	btf_make_member(&b, "tgid", number, 8 * 104);
	btf_make(&b, "pid_type", BTF_ENUM, 1, 4);
	btf_word(&b, btf_string(&b, "PIDTYPE_TGID"));
	btf_word(&b, 1);
	btf_make_all(&b, &types);
}

static void kernel_make(enum kallsyms_layout layout)
{
	types_make();
	make_notes(&notes);
	make_kallsyms(&rodata, symbols, MADE_SYMBOLS, layout);
	struct span n = make_span(&notes, 0), r = make_span(&rodata, MADE_RODATA),
		    t = make_span(&types, 0);
	make_vmlinux(&vmlinux, &n, &r, &t);
}

static void symbols_make(enum kallsyms_layout layout)
{
	made_symbols(symbols, layout);
	symbols[20] = (struct made_symbol){'D', "init_task", MADE_TEXT + 0x1000};
}

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (const char *at = text; (at = strstr(at, line)); at++)
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return true;
	return false;
}

static struct kernel_files files_of(const uint8_t *bytes, size_t len_bytes)
{
	return (struct kernel_files){.image = {(uint8_t *)(uintptr_t)bytes, len_bytes}};
}

static char *build(const struct maker *image)
{
	char *text = NULL;
	size_t len_bytes = 0;

	const struct kernel_files files = files_of(image->bytes, image->used_bytes);

	CHECK_OK(profile_build(&files, &text, &len_bytes));
	CU_ASSERT_FATAL(text != NULL);
	CU_ASSERT_EQUAL(strlen(text), len_bytes);
	return text;
}

TEST(build, writes_what_the_kernel_has)
{
	symbols_make(LAYOUT_OLD);
	kernel_make(LAYOUT_OLD);
	AUTO_FREE char *text = build(&vmlinux);
	CU_ASSERT(has_line(text, "format 1"));
	CU_ASSERT(has_line(text, "build-id " MADE_BUILD_ID));
	CU_ASSERT(has_line(text, "release 6.1.0-test"));
	CU_ASSERT(has_line(text, "banner Linux version 6.1.0-test (me@here) (gcc) #1 SMP"));
	CU_ASSERT(has_line(text, "field task_struct_pid 100 4"));
	CU_ASSERT(has_line(text, "field task_struct_state 8 4"));
	CU_ASSERT(has_line(text, "size task_struct 4096"));
	CU_ASSERT(has_line(text, "enum PIDTYPE_TGID 1"));
	CU_ASSERT(has_line(text, "symbol init_task 0xffffffff81001000"));
	CU_ASSERT(has_line(text, "symbol runqueues 0x40"));
	CU_ASSERT(has_line(text, "symbol linux_banner 0xffffffff82000000"));
	CU_ASSERT_PTR_NULL(strstr(text, "task_struct_comm"));
	CU_ASSERT_PTR_NULL(strstr(text, "symbol phys_base"));
}

TEST(build, sorts_its_lines)
{
	symbols_make(LAYOUT_OLD);
	kernel_make(LAYOUT_OLD);
	AUTO_FREE char *text = build(&vmlinux);
	unsigned lines = 0;
	const char *last = "";

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		CU_ASSERT(strcmp(last, line) < 0);
		last = line;
		lines++;
	}
	CU_ASSERT(lines > 10);
}

TEST(build, adds_the_tables_of_kallsyms)
{
	symbols_make(LAYOUT_SELF);
	kernel_make(LAYOUT_SELF);
	AUTO_FREE char *text = build(&vmlinux);
	const char *line = strstr(text, "symbol kallsyms_num_syms 0x");

	CU_ASSERT_FATAL(line != NULL);
	uint64_t at = strtoull(line + strlen("symbol kallsyms_num_syms "), NULL, 16) - MADE_RODATA;
	CU_ASSERT_FATAL(at + 4 <= rodata.used_bytes);
	CU_ASSERT_EQUAL(rodata.bytes[at] | rodata.bytes[at + 1] << 8, MADE_SYMBOLS);
	CU_ASSERT_PTR_NULL(strstr(text, "kallsyms_relative_base"));
}

static void init_tasks(char first, char second, uint64_t second_address, const char *expected)
{
	made_symbols(symbols, LAYOUT_NEW);
	symbols[20] = (struct made_symbol){first, "init_task", MADE_TEXT};
	symbols[21] = (struct made_symbol){second, "init_task", second_address};
	kernel_make(LAYOUT_NEW);
	AUTO_FREE char *text = build(&vmlinux);
	if (expected)
		CU_ASSERT(has_line(text, expected));
	if (!expected)
		CU_ASSERT_PTR_NULL(strstr(text, "symbol init_task "));
}

TEST(build, does_not_guess_between_namesakes)
{
	init_tasks('d', 'd', MADE_TEXT + 64, NULL);
	init_tasks('D', 'D', MADE_TEXT + 64, NULL);
	init_tasks('D', 'D', MADE_TEXT, "symbol init_task 0xffffffff81000000");
	init_tasks('d', 'D', MADE_TEXT + 64, "symbol init_task 0xffffffff81000040");
	init_tasks('D', 'd', MADE_TEXT + 64, "symbol init_task 0xffffffff81000000");
}

static void compress(void)
{
	static uint8_t packed[1u << 16];
	size_t used =
		ZSTD_compress(packed, sizeof(packed) - 4, vmlinux.bytes, vmlinux.used_bytes, 3);

	CU_ASSERT_FATAL(!ZSTD_isError(used));
	for (unsigned i = 0; i < 4; i++)
		packed[used + i] = (uint8_t)(vmlinux.used_bytes >> (8 * i));
	make_vmlinuz(&vmlinuz, packed, used + 4);
}

TEST(build, gives_the_same_from_the_packed_image)
{
	symbols_make(LAYOUT_NEW);
	kernel_make(LAYOUT_NEW);
	compress();
	AUTO_FREE char *plain = build(&vmlinux), *packed = build(&vmlinuz);
	CU_ASSERT_STRING_EQUAL(plain, packed);
}

static void prefix_run(const uint8_t *bytes, size_t len_bytes)
{
	char *text = NULL;
	const struct kernel_files files = files_of(bytes, len_bytes);

	CHECK_ERR(profile_build(&files, &text, &len_bytes), ERR_PROTO);
	CU_ASSERT_PTR_NULL(text);
}

TEST(build, refuses_every_prefix)
{
	symbols_make(LAYOUT_OLD);
	kernel_make(LAYOUT_OLD);
	each_prefix(&vmlinux, prefix_run);
	compress();
	each_prefix(&vmlinuz, prefix_run);
}

TEST(build, survives_any_wrong_byte)
{
	unsigned refused = 0;

	symbols_make(LAYOUT_OLD);
	kernel_make(LAYOUT_OLD);
	for (size_t i = 0; i < vmlinux.used_bytes; i++) {
		char *text = NULL;
		size_t len_bytes;
		const struct kernel_files files = files_of(vmlinux.bytes, vmlinux.used_bytes);

		vmlinux.bytes[i] ^= 0xff;
		refused += profile_build(&files, &text, &len_bytes) != NULL;
		vmlinux.bytes[i] ^= 0xff;
		free(text);
	}
	CU_ASSERT(refused > 0);
	CU_ASSERT(refused < vmlinux.used_bytes);
}
