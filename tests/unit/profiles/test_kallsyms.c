/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "kernel-profiles/kallsyms.h"
#include "tests/lib/unit.h"
#include "tests/unit/profiles/maker.h"

static struct maker made;
static struct made_symbol symbols[MADE_SYMBOLS];

static const struct err *walk(const struct kallsyms *k, unsigned *ret_equal)
{
	struct kallsyms_iterator it = {0};
	struct kallsyms_symbol s;
	bool more = true;

	*ret_equal = 0;
	for (unsigned i = 0;; i++) {
		TRY(kallsyms_next(k, &it, &s, &more));
		if (!more)
			return NULL;
		if (i < MADE_SYMBOLS && strcmp(s.name, symbols[i].name) == 0 &&
		    s.type == symbols[i].type && s.address == symbols[i].address)
			++*ret_equal;
	}
}

static void layout_check(enum kallsyms_layout layout, enum kallsyms_rule rule)
{
	struct kallsyms k = {0};
	unsigned equal = 0;

	made_symbols(symbols, layout);
	make_kallsyms(&made, symbols, MADE_SYMBOLS, layout);
	struct span rodata = make_span(&made, MADE_RODATA);
	CHECK_OK(kallsyms_find(&rodata, &k));
	CU_ASSERT_EQUAL(k.count, MADE_SYMBOLS);
	CU_ASSERT_EQUAL(k.rule, rule);
	CU_ASSERT_EQUAL(k.banner, MADE_RODATA);
	CHECK_OK(walk(&k, &equal));
	CU_ASSERT_EQUAL(equal, MADE_SYMBOLS);
}

TEST(kallsyms, reads_the_layout_up_to_6_3)
{
	layout_check(LAYOUT_OLD, KALLSYMS_ABSOLUTE_PERCPU);
}

TEST(kallsyms, reads_the_layout_with_sequence_numbers)
{
	layout_check(LAYOUT_OLD_SEQS, KALLSYMS_ABSOLUTE_PERCPU);
}

TEST(kallsyms, reads_the_layout_since_6_4)
{
	layout_check(LAYOUT_NEW, KALLSYMS_ABSOLUTE_PERCPU);
}

TEST(kallsyms, reads_self_relative_offsets)
{
	layout_check(LAYOUT_SELF, KALLSYMS_SELF);
}

TEST(kallsyms, reads_offsets_from_the_base)
{
	layout_check(LAYOUT_BASE, KALLSYMS_BASE);
}

TEST(kallsyms, places_its_own_tables)
{
	struct kallsyms k = {0};

	made_symbols(symbols, LAYOUT_OLD);
	make_kallsyms(&made, symbols, MADE_SYMBOLS, LAYOUT_OLD);
	struct span rodata = make_span(&made, MADE_RODATA);
	CHECK_OK(kallsyms_find(&rodata, &k));
	CU_ASSERT_EQUAL(k.offsets_at, (sizeof(MADE_BANNER) + 7) / 8 * 8);
	CU_ASSERT_EQUAL(k.relative_base_at, k.num_syms_at - 8);
	CU_ASSERT_EQUAL(k.relative_base, MADE_TEXT);
	CU_ASSERT_EQUAL(made.bytes[k.num_syms_at], MADE_SYMBOLS & 0xff);
	CU_ASSERT_EQUAL(k.names_at, k.num_syms_at + 8);
	CU_ASSERT_EQUAL(memcmp(made.bytes + k.token_table_at, "_00\0sym_", 9), 0);
	CU_ASSERT_EQUAL(made.bytes[k.token_index_at + 2], 4);
}

/* A table that decodes but whose linux_banner does not point at a banner is not believed. */
TEST(kallsyms, wants_the_banner_as_proof)
{
	struct kallsyms k;

	made_symbols(symbols, LAYOUT_NEW);
	make_kallsyms(&made, symbols, MADE_SYMBOLS, LAYOUT_NEW);
	made.bytes[0] = 'l';
	struct span rodata = make_span(&made, MADE_RODATA);
	CHECK_ERR(kallsyms_find(&rodata, &k), ERR_PROTO);
}

static unsigned whole; /* prefixes that gave all symbols */

static void prefix_run(const uint8_t *bytes, size_t len_bytes)
{
	struct span rodata = {bytes, len_bytes, MADE_RODATA};
	struct kallsyms k;
	unsigned equal;

	if (!kallsyms_find(&rodata, &k) && !walk(&k, &equal))
		whole++;
}

TEST(kallsyms, no_prefix_passes_for_the_whole)
{
	for (enum kallsyms_layout layout = 0; layout < LAYOUT_COUNT; layout++) {
		made_symbols(symbols, layout);
		make_kallsyms(&made, symbols, MADE_SYMBOLS, layout);
		whole = 0;
		each_prefix(&made, prefix_run);
		CU_ASSERT_EQUAL(whole, 0);
	}
}

/* Every byte wrong in turn: found or not, but never out of bounds or without end. */
TEST(kallsyms, survives_any_wrong_byte)
{
	struct kallsyms k;
	unsigned equal, found = 0;

	made_symbols(symbols, LAYOUT_NEW);
	make_kallsyms(&made, symbols, MADE_SYMBOLS, LAYOUT_NEW);
	struct span rodata = make_span(&made, MADE_RODATA);
	for (size_t i = 0; i < made.used_bytes; i++) {
		made.bytes[i] ^= 0xff;
		if (!kallsyms_find(&rodata, &k) && !walk(&k, &equal))
			found++;
		made.bytes[i] ^= 0xff;
	}
	CU_ASSERT(found > 0);
	CU_ASSERT(found < made.used_bytes);
}

TEST(kallsyms, nothing_in_zeros)
{
	static const uint8_t zeros[100000];
	struct span rodata = {zeros, sizeof(zeros), MADE_RODATA};
	struct kallsyms k;

	CHECK_ERR(kallsyms_find(&rodata, &k), ERR_PROTO);
}
