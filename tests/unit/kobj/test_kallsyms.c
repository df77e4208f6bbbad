/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_symbols.h"
#include "transcall/kobj/kallsyms.h"

#include <string.h>

#define TEXT (FAKE_BASE + 0x1000)

static struct fake_guest g;

static const struct fake_named few[] = {
	{TEXT, "T_stext"},         {TEXT + 0x10, "tschedule"}, {TEXT + 0x10, "Talias"},
	{TEXT + 0x40, "T\377_up"}, {TEXT + 0x80, "T_etext"},
};

static void set_up(enum fake_layout layout, const struct fake_named *symbols, uint32_t count)
{
	fake_guest_init(&g);
	g.used = FAKE_BYTES / 2; /* text: nothing is read of it */
	fake_modules(&g);
	fake_kallsyms(&g, layout, symbols, count);
	fake_symbol_at(&g, S__stext, gva(TEXT));
	fake_symbol_at(&g, S__etext, gva(TEXT + 0x80));
	fake_symbol_at(&g, S__sinittext, gva(TEXT + 0x100));
	fake_symbol_at(&g, S__einittext, gva(TEXT + 0x200));
	fake_symbol_at(&g, S__end, gva(TEXT + 0x10000));
}

static void check_name(uint64_t address, const char *expected)
{
	char name[KALLSYMS_NAME_BYTES] = "";

	CHECK_OK(kallsyms_name(&g.k, gva(address), name, sizeof(name)));
	CU_ASSERT_STRING_EQUAL(name, expected);
}

TEST(kallsyms, names_addresses_in_every_layout)
{
	for (int layout = FAKE_ABSOLUTE_PERCPU; layout <= FAKE_SELF_RELATIVE; layout++) {
		set_up((enum fake_layout)layout, few, 5);
		check_name(TEXT, "_stext");
		check_name(TEXT + 0xf, "_stext");
		check_name(TEXT + 0x10, "schedule"); /* the first of two at one address */
		check_name(TEXT + 0x3f, "schedule");
		check_name(TEXT + 0x41, "lock_up"); /* a token of several characters */
		check_name(TEXT + 0xfff, "_etext");
	}
}

TEST(kallsyms, passes_over_per_cpu_offsets)
{
	static const struct fake_named with_percpu[] = {
		{0, "Apercpu_start"}, {0x1000, "Arunqueues"}, {TEXT, "T_stext"}, {TEXT + 8, "Tf"}};

	set_up(FAKE_ABSOLUTE_PERCPU, with_percpu, 4);
	check_name(TEXT + 1, "_stext");
	check_name(TEXT + 9, "f");
}

TEST(kallsyms, reads_names_of_128_characters_and_more)
{
	char big[301];
	struct fake_named symbols[] = {{TEXT, big}, {TEXT + 0x20, "Tafter"}};

	memset(big, 'T', 300);
	big[300] = 0;
	set_up(FAKE_SELF_RELATIVE, symbols, 2);
	check_name(TEXT + 0x20, "after");
	check_name(TEXT, big + 1);
}

TEST(kallsyms, cuts_a_name_to_the_room_there_is)
{
	char name[4];

	set_up(FAKE_RELATIVE, few, 5);
	CHECK_OK(kallsyms_name(&g.k, gva(TEXT + 0x10), name, sizeof(name)));
	CU_ASSERT_STRING_EQUAL(name, "sch");
}

TEST(kallsyms, finds_names_behind_later_markers)
{
	static struct fake_named many[600];
	static char names[600][8];

	for (unsigned i = 0; i < 600; i++) {
		snprintf(names[i], sizeof(names[i]), "Tf%u", i);
		many[i] = (struct fake_named){TEXT + 16 * i, names[i]};
	}
	set_up(FAKE_ABSOLUTE_PERCPU, many, 600);
	check_name(TEXT + 16 * 255, "f255");
	check_name(TEXT + 16 * 256, "f256");
	check_name(TEXT + 16 * 511 + 3, "f511");
	check_name(TEXT + 16 * 599, "f599");
}

TEST(kallsyms, refuses_tables_that_cannot_be)
{
	char name[64];

	set_up(FAKE_RELATIVE, few, 5);
	fake_variable(&g, S_kallsyms_num_syms, 0);
	CHECK_ERR(kallsyms_name(&g.k, gva(TEXT), name, sizeof(name)), ERR_FAULT);
	fake_variable(&g, S_kallsyms_num_syms, 0x7fffffff);
	CHECK_ERR(kallsyms_name(&g.k, gva(TEXT), name, sizeof(name)), ERR_FAULT);
}

TEST(kallsyms, notices_names_that_are_cut)
{
	char name[64];

	set_up(FAKE_RELATIVE, few, 5);
	/* Each name claims to be longer than the block. */
	gva_t names = gva(g.p.symbols[S_kallsyms_names]);
	fake_write(&g, names, "\xff\xff", 2);
	CHECK_ERR(kallsyms_name(&g.k, gva(TEXT + 0x10), name, sizeof(name)), ERR_FAULT);
}

TEST(kallsyms, names_addresses_in_modules)
{
	static const struct fake_named symbols[] = {{TEXT + 0x20100, "second"},
						    {TEXT + 0x20000, "first"},
						    {TEXT + 0x20180, ""},
						    {TEXT + 0x10, "elsewhere"}};
	char name[64];

	set_up(FAKE_RELATIVE, few, 5);
	gva_t m = fake_module(&g, "mod", gva(TEXT + 0x20000), 0x200, symbols, 4);
	check_name(TEXT + 0x20050, "first");
	check_name(TEXT + 0x201ff, "second"); /* what has no name does not count */
	CHECK_ERR(kallsyms_name(&g.k, gva(TEXT + 0x20200), name, sizeof(name)), ERR_ABSENT);
	fake_set(&g, m, F_module_state, 3); /* not formed yet */
	CHECK_ERR(kallsyms_name(&g.k, gva(TEXT + 0x20050), name, sizeof(name)), ERR_ABSENT);
}

TEST(kallsyms, tells_text_from_data)
{
	bool text;

	set_up(FAKE_RELATIVE, few, 5);
	fake_module(&g, "mod", gva(TEXT + 0x20000), 0x200, few, 0);
	CHECK_OK(kallsyms_is_text(&g.k, gva(TEXT + 0x7f), &text));
	CU_ASSERT(text);
	CHECK_OK(kallsyms_is_text(&g.k, gva(TEXT + 0x80), &text));
	CU_ASSERT(!text);
	CHECK_OK(kallsyms_is_text(&g.k, gva(TEXT + 0x100), &text));
	CU_ASSERT(text);
	CHECK_OK(kallsyms_is_text(&g.k, gva(TEXT + 0x20010), &text));
	CU_ASSERT(text);
	CHECK_OK(kallsyms_is_text(&g.k, gva(0), &text));
	CU_ASSERT(!text);
}
