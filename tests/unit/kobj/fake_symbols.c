/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Symbol tables and modules made by hand. */
#include "tests/unit/kobj/fake_symbols.h"

#include <assert.h>
#include <string.h>

#define RELATIVE_BASE (FAKE_BASE + 0x1000)
#define LOCK_TOKEN    255
#define TOKEN_ROOM    4096 /* readers take a little more than the table */
#define SYMBOL_BYTES  24   /* Elf64_Sym */

/* Tokens 0 to 254 are their own character. */
static void write_tokens(struct fake_guest *g)
{
	gva_t table = fake_symbol(g, S_kallsyms_token_table, TOKEN_ROOM);
	gva_t index = fake_symbol(g, S_kallsyms_token_index, 512);

	for (unsigned i = 0; i < 256; i++) {
		uint8_t at[2] = {(uint8_t)(2 * i), (uint8_t)(2 * i >> 8)};
		char text[] = {(char)i, 0, 0, 0, 0};

		memcpy(text, i == LOCK_TOKEN ? "lock" : text, sizeof(text));
		fake_write(g, gva_add(index, 2 * i), at, 2);
		fake_write(g, gva_add(table, 2 * i), text, i == LOCK_TOKEN ? 5 : 2);
	}
}

/* Lengths of 128 and more take two bytes. */
static uint64_t write_name(struct fake_guest *g, gva_t at, const char *name)
{
	size_t len = strlen(name);
	uint8_t head[2] = {(uint8_t)(len < 128 ? len : len | 128), (uint8_t)(len >> 7)};
	uint64_t head_bytes = len < 128 ? 1 : 2;

	fake_write(g, at, head, head_bytes);
	fake_write(g, gva_add(at, head_bytes), name, len);
	return head_bytes + len;
}

static void write_names(struct fake_guest *g, const struct fake_named *symbols, uint32_t count)
{
	gva_t markers = fake_symbol(g, S_kallsyms_markers, 4 * (count / 256 + 2));
	gva_t names = fake_symbol(g, S_kallsyms_names, 128 * 1024);
	uint64_t used = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (i % 256 == 0)
			fake_u32(g, gva_add(markers, 4 * (i / 256)), (uint32_t)used);
		used += write_name(g, gva_add(names, used), symbols[i].name);
	}
}

static uint32_t offset_of(enum fake_layout layout, gva_t at, uint64_t address)
{
	switch (layout) {
	case FAKE_ABSOLUTE_PERCPU:
		return (uint32_t)(address < FAKE_BASE ? address : RELATIVE_BASE - 1 - address);
	case FAKE_RELATIVE:
		return (uint32_t)(address - RELATIVE_BASE);
	default:
		return (uint32_t)(address - at.v);
	}
}

void fake_kallsyms(struct fake_guest *g, enum fake_layout layout, const struct fake_named *symbols,
		   uint32_t count)
{
	gva_t offsets = fake_symbol(g, S_kallsyms_offsets, 4 * (uint64_t)count);

	g->k.percpu_zero_based = layout == FAKE_ABSOLUTE_PERCPU;
	fake_variable(g, S_kallsyms_num_syms, count);
	if (layout != FAKE_SELF_RELATIVE)
		fake_variable(g, S_kallsyms_relative_base, RELATIVE_BASE);
	for (uint32_t i = 0; i < count; i++) {
		gva_t at = gva_add(offsets, 4 * i);

		fake_u32(g, at, offset_of(layout, at, symbols[i].address));
	}
	write_tokens(g);
	write_names(g, symbols, count);
}

void fake_modules(struct fake_guest *g)
{
	fake_field(g, F_module_state, 0, 4);
	fake_field(g, F_module_list, 8, 16);
	fake_field(g, F_module_name, 24, 56);
	fake_field(g, F_module_refcnt, 80, 4);
	fake_field(g, F_module_taints, 88, 8);
	fake_field(g, F_module_init, 96, 8);
	fake_field(g, F_module_exit, 104, 8);
	fake_field(g, F_module_source_list, 112, 16);
	fake_field(g, F_module_core_base, 128, 8);
	fake_field(g, F_module_core_size, 136, 4);
	fake_field(g, F_module_core_text_size, 140, 4);
	fake_field(g, F_module_init_base, 144, 8);
	fake_field(g, F_module_init_size, 152, 4);
	fake_field(g, F_module_kallsyms, 160, 8);
	fake_field(g, F_mod_kallsyms_symtab, 0, 8);
	fake_field(g, F_mod_kallsyms_num_symtab, 8, 4);
	fake_field(g, F_mod_kallsyms_strtab, 16, 8);
	fake_field(g, F_module_use_source_list, 0, 16);
	fake_field(g, F_module_use_source, 32, 8);
	fake_list(g, fake_symbol(g, S_modules, 16));
}

/* The first symbol of an ELF table is none. */
static gva_t write_symtab(struct fake_guest *g, const struct fake_named *named, uint32_t count)
{
	gva_t kallsyms = fake_alloc(g, 64, 64), strings = fake_alloc(g, 4096, 64);
	gva_t symtab = fake_alloc(g, (uint64_t)SYMBOL_BYTES * (count + 1), 64);
	uint32_t used = 1;

	for (uint32_t i = 0; i < count; i++) {
		gva_t symbol = gva_add(symtab, (uint64_t)SYMBOL_BYTES * (i + 1));

		fake_u32(g, symbol, used);
		fake_u32(g, gva_add(symbol, 4), 1u << 16); /* in section 1 */
		fake_u64(g, gva_add(symbol, 8), named[i].address);
		fake_write(g, gva_add(strings, used), named[i].name, strlen(named[i].name) + 1);
		used += (uint32_t)strlen(named[i].name) + 1;
	}
	fake_set(g, kallsyms, F_mod_kallsyms_symtab, symtab.v);
	fake_set(g, kallsyms, F_mod_kallsyms_num_symtab, count + 1);
	fake_set(g, kallsyms, F_mod_kallsyms_strtab, strings.v);
	return kallsyms;
}

gva_t fake_module(struct fake_guest *g, const char *name, gva_t text, uint64_t text_bytes,
		  const struct fake_named *named, uint32_t count)
{
	gva_t m = fake_alloc(g, 192, 64);

	fake_write(g, kfield_at(&g->k, m, F_module_name), name, strlen(name) + 1);
	fake_set(g, m, F_module_refcnt, 1);
	fake_set(g, m, F_module_core_base, text.v);
	fake_set(g, m, F_module_core_size, 0x3000);
	fake_set(g, m, F_module_core_text_size, text_bytes);
	fake_set(g, m, F_module_init_size, 0x1000);
	fake_set(g, m, F_module_kallsyms, write_symtab(g, named, count).v);
	fake_list(g, kfield_at(&g->k, m, F_module_source_list));
	fake_list_add(g, gva(g->p.symbols[S_modules]), kfield_at(&g->k, m, F_module_list));
	return m;
}
