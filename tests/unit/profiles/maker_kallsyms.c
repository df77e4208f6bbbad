/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's symbol table as scripts/kallsyms.c lays it out, one function a table. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/profiles/maker.h"

#define TOKEN_FOR_SYM 1 /* this token is "sym_": names are not just their own characters */

void made_symbols(struct made_symbol ret[MADE_SYMBOLS], enum kallsyms_layout layout)
{
	memset(ret, 0, MADE_SYMBOLS * sizeof(*ret));
	for (unsigned i = 0; i < MADE_SYMBOLS; i++) {
		ret[i].type = i % 2 ? 't' : 'D';
		ret[i].address = MADE_TEXT + 16 * i;
		snprintf(ret[i].name, sizeof(ret[i].name), "sym_%u", i);
	}
	if (layout != LAYOUT_SELF && layout != LAYOUT_BASE) {
		ret[0] = (struct made_symbol){'A', "per_cpu_start", 0};
		ret[1] = (struct made_symbol){'A', "runqueues", 64};
	}
	memset(ret[7].name, 'x', 150);
	ret[MADE_SYMBOLS - 2] = (struct made_symbol){'D', "linux_banner", MADE_RODATA};
}

static void make_names(struct maker *m, const struct made_symbol *symbols, uint32_t count,
		       uint32_t *markers)
{
	size_t start = m->used_bytes;

	for (uint32_t i = 0; i < count; i++) {
		const char *name = symbols[i].name;
		bool token = strncmp(name, "sym_", 4) == 0;
		size_t len = 1 + strlen(name) - (token ? 3 : 0);

		if (i % 256 == 0)
			markers[i / 256] = (uint32_t)(m->used_bytes - start);
		make_number(m, len > 127 ? (len & 0x7f) | 0x80 : len, 1);
		if (len > 127)
			make_number(m, len >> 7, 1);
		make_number(m, (uint8_t)symbols[i].type, 1);
		if (token)
			make_number(m, TOKEN_FOR_SYM, 1);
		make_bytes(m, name + (token ? 4 : 0), strlen(name) - (token ? 4 : 0));
	}
}

static void make_tokens(struct maker *m, size_t align)
{
	uint16_t starts[256];
	size_t start = m->used_bytes;
	char text[8];

	for (unsigned i = 0; i < 256; i++) {
		starts[i] = (uint16_t)(m->used_bytes - start);
		if (i == TOKEN_FOR_SYM)
			snprintf(text, sizeof(text), "sym_");
		else if (i > ' ' && i < 127)
			snprintf(text, sizeof(text), "%c", (char)i);
		else
			snprintf(text, sizeof(text), "_%02x", i);
		make_bytes(m, text, strlen(text) + 1);
	}
	make_align(m, align);
	for (unsigned i = 0; i < 256; i++)
		make_number(m, starts[i], 2);
	make_align(m, align);
}

static void make_offsets(struct maker *m, const struct made_symbol *symbols, uint32_t count,
			 enum kallsyms_layout layout)
{
	for (uint32_t i = 0; i < count; i++) {
		uint64_t address = symbols[i].address;

		if (layout == LAYOUT_SELF)
			make_number(m, address - (MADE_RODATA + m->used_bytes), 4);
		else if (layout == LAYOUT_BASE)
			make_number(m, address - MADE_TEXT, 4);
		else
			make_number(m, address < MADE_TEXT ? address : MADE_TEXT - 1 - address, 4);
	}
	if (layout == LAYOUT_SELF)
		return;
	make_align(m, 8);
	make_number(m, MADE_TEXT, 8);
}

void make_kallsyms(struct maker *m, const struct made_symbol *symbols, uint32_t count,
		   enum kallsyms_layout layout)
{
	const size_t align = layout == LAYOUT_SELF ? 4 : 8;
	const bool offsets_first = layout == LAYOUT_OLD || layout == LAYOUT_OLD_SEQS;
	uint32_t markers[8];

	m->used_bytes = 0;
	make_bytes(m, MADE_BANNER, sizeof(MADE_BANNER));
	make_align(m, 8);
	if (offsets_first)
		make_offsets(m, symbols, count, layout);
	make_number(m, count, 4);
	make_align(m, align);
	make_names(m, symbols, count, markers);
	make_align(m, align);
	for (uint32_t i = 0; i < (count + 255) / 256; i++)
		make_number(m, markers[i], 4);
	make_align(m, align);
	for (uint32_t i = 0; layout == LAYOUT_OLD_SEQS && i < 3 * count; i++)
		make_number(m, i % 3 ? i : 0, 1);
	make_align(m, align);
	make_tokens(m, align);
	if (!offsets_first)
		make_offsets(m, symbols, count, layout);
}
